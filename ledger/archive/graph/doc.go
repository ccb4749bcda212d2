// Package graph brings ValueFlows 1.0 graphs from YAML, JSON and JSON-LD files
// into a ledger, and writes them again.
//
// Read is the first half: it turns a file into a list of nodes with the place of
// every property, and says of everything that it had to put right, or could not,
// what it was and where. It is tolerant of the slips that worked examples make
// (a property of another class, an offset of one digit, an identifier stated
// twice) and strict about what costs memory or time: sizes, depth, aliases.
// Nothing is fetched from a network.
//
// Import is the second half: nodes become agents, records and events in causal
// order, known by the identifiers that the file gives them, so that importing a
// file again changes nothing. Export writes what a commons holds as one JSON-LD
// graph that imports elsewhere to the same state.
package graph
