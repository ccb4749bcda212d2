// Package provenance computes what part of each event has gone into something:
// how much of an hour of work is in one loaf. It knows a graph of events,
// resources and processes, and nothing of where that is stored. All arithmetic
// is exact.
package provenance
