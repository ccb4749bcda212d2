package store

import (
	"bytes"
	"fmt"
)

// maxKey is the length of the longest key, in bytes.
const maxKey = 1024

// Keys that begin with a zero byte belong to this package. firstKey is where
// those of its users begin.
var (
	firstKey   = []byte{1}
	formatKey  = []byte{0, 'f'} // format version, 2 bytes
	markerKey  = []byte{0, 'm'} // identity of the marker file, see marker.go
	commitsKey = []byte{0, 'c'} // number of commits ever made, 8 bytes; every commit writes it
	wholeKey   = []byte{0, 'w'} // nothing: all parts of a commit are written beside, see parts.go

	piecePrefix  = []byte{0, 'v'} // then a key and a number: a piece of its value, see long.go
	besidePrefix = []byte{0, 'p'} // then a key: what a commit in parts is to do with it
)

// badgerPrefix begins the keys that Badger keeps for itself.
var badgerPrefix = []byte("!badger!")

func checkKey(key []byte) error {
	switch {
	case len(key) == 0:
		return fmt.Errorf("%w: it is empty", ErrKey)
	case len(key) > maxKey:
		return fmt.Errorf("%w: it has %d bytes, at most %d are allowed", ErrKey, len(key), maxKey)
	case key[0] == 0 || bytes.HasPrefix(key, badgerPrefix):
		return fmt.Errorf("%w: %x begins with a reserved prefix", ErrKey, key)
	}
	return nil
}
