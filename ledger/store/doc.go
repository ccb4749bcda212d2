// Package store keeps an ordered map of byte strings on disk, in Badger, and
// the checks around it that Badger leaves to its user.
//
// It promises three things. A commit is there whole or not at all, and a synced
// one survives a power cut. Damage and loss are told as ErrDamaged, with what to
// do, before anything is deleted. A disk that runs full refuses writes while the
// data can still be read.
//
// It knows nothing of what the keys and values mean; that is package ledger's.
// It does not verify that a value is the one that was written years ago beyond
// the checksums of the tables: the reader checks the hash of each entry.
//
// The layout of the files is in FORMAT.md.
package store
