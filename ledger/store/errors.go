package store

import "errors"

// Errors that callers decide on. All others are failures of the disk or the
// operating system.
var (
	// ErrDamaged says that files are missing, cut off or altered. Nothing was
	// deleted. The text says what to do.
	ErrDamaged = errors.New("the stored data is damaged")
	// ErrDiskFull says that too little space is left to write safely. What is
	// stored can still be read.
	ErrDiskFull = errors.New("too little disk space is left")
	// ErrFormat says that the files were written by a version of the software
	// that this one does not know.
	ErrFormat = errors.New("unknown format of the stored data")
	// ErrLocked says that another process, or another Store of this one, uses
	// the folder.
	ErrLocked = errors.New("the folder is in use")
	// ErrTooBig says that a value of SetHighWater is too large. Nothing was
	// written.
	ErrTooBig = errors.New("the value is too big")
	// ErrKey says that a key is empty, too long or reserved. Nothing was
	// written.
	ErrKey = errors.New("the key cannot be used")
	// ErrFailed says that an earlier commit failed and the store takes no more:
	// close it and open it again.
	ErrFailed = errors.New("an earlier commit failed")
)
