// Package scripts holds what keeps the house in order: tests that say which
// package may import which, how large a file may grow and what every package
// owes its reader, the demo, the benchmarks and the tools.
//
// Nothing imports it.
package scripts
