// Package node wires one node together: the ledger, the replica that keeps it
// in step with others, the network, and the API. Run is the life of a node.
//
// The package holds what belongs to a machine and to nothing below it: the home
// directory with its files, the configuration, the clock, and the goroutines
// that hand events to the replica, let a witness vote and keep the high-water
// file up to date. It decides nothing about entries and nothing about gossip.
package node
