package store

// Write sets a key to a value, or removes it when Value is nil. An empty value
// that is not nil is a value.
type Write struct {
	Key   []byte
	Value []byte
}

// Snapshot reads one committed state. It is valid only during the View that
// gave it, and for one goroutine.
type Snapshot interface {
	// Get returns the value of a key, nil if there is none. It is a copy. An
	// empty value that is there is not nil.
	Get(key []byte) ([]byte, error)

	// Scan calls fn for each key that begins with prefix and is not below from,
	// ascending, until fn returns false. key and value are valid only during
	// the call. from nil begins at prefix. With keysOnly, value is nil.
	Scan(prefix, from []byte, keysOnly bool, fn func(key, value []byte) bool) error
}
