// Package archive brings contributions from files into a ledger.
//
// Reader reads one CSV file line by line, with memory that does not depend on
// the length of the file. It is strict about what a line says and goes on after
// a bad one: every fault names its line, its column and the reason.
//
// Import records the good lines as events of the importing node's own member.
// It speaks for nobody else: an importer's event is no confirmation, and a
// column `confirmed_by` only becomes part of the note. A line is known by its
// `source_key`, which stands in the entry, so that importing a file again
// changes nothing.
//
// The package does not export, and it knows no format but this one CSV.
package archive
