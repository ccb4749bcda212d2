// Package charterfile reads and writes a charter document as people edit it, a
// TOML file.
//
// Read is strict: what the data model of a document does not have, a number with
// a point or a date, is a fault, and every fault names its line. It does not say
// what the fields mean; Check and CheckFirst ask the ledger that, and put its
// answers to the lines of the file. Write is the way back, for documents that
// came over the network: one text for one document, which reads to that document
// again. Comments and the order of fields are not kept, since they are no part of
// a document.
package charterfile
