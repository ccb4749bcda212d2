package protocol

import (
	"slices"
	"unicode/utf8"
)

// Value is a plain canonical datum: nil, bool, int64, string, []byte, EntryID
// (a link), []Value or map[string]Value. No other type occurs in one that was
// read, and AppendValue refuses any other.
type Value any

// AppendValue appends the canonical form of a value. It returns a FormatError
// for whatever ParseValue would refuse: a type that the data model does not
// have, text that is not UTF-8, the zero EntryID, nesting above MaxDepth.
func AppendValue(dst []byte, v Value) ([]byte, error) { return appendValue(dst, v, 0) }

func appendValue(dst []byte, v Value, depth int) ([]byte, error) {
	if depth > MaxDepth {
		return nil, fault(len(dst), FaultTooDeep, "")
	}
	switch v := v.(type) {
	case nil:
		return append(dst, simpleNull), nil
	case bool:
		if v {
			return append(dst, simpleTrue), nil
		}
		return append(dst, simpleFalse), nil
	case int64:
		return appendInt(dst, v), nil
	case string:
		if !utf8.ValidString(v) {
			return nil, fault(len(dst), FaultUTF8, "")
		}
		return appendText(dst, v), nil
	case []byte:
		return appendBytes(dst, v), nil
	case EntryID:
		if v.IsZero() {
			return nil, fault(len(dst), FaultLink, "the zero identifier")
		}
		return appendLink(dst, v), nil
	case []Value:
		return appendValues(dst, v, depth)
	case map[string]Value:
		return appendMap(dst, v, depth)
	}
	return nil, fault(len(dst), FaultType, "%T is no value of the data model", v)
}

func appendValues(dst []byte, list []Value, depth int) ([]byte, error) {
	dst = appendHead(dst, majorList, uint64(len(list)))
	for _, item := range list {
		var err error
		if dst, err = appendValue(dst, item, depth+1); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

func appendMap(dst []byte, m map[string]Value, depth int) ([]byte, error) {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, compareKeys)
	dst = appendHead(dst, majorMap, uint64(len(m)))
	for _, key := range keys {
		if !utf8.ValidString(key) {
			return nil, fault(len(dst), FaultUTF8, "")
		}
		var err error
		if dst, err = appendValue(appendText(dst, key), m[key], depth+1); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// ParseValue reads one canonical value that fills the whole of b. It keeps
// nothing of b.
func ParseValue(b []byte) (Value, error) {
	r := reader{b: b}
	v, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	return v, nil
}

// firstItems is the room made for a list or map before its items are seen: the
// head alone is not trusted with more.
const firstItems = 16

func (r *reader) value(depth int) (Value, error) {
	start := r.pos
	if depth > MaxDepth {
		return nil, fault(start, FaultTooDeep, "")
	}
	major, n, err := r.head()
	if err != nil {
		return nil, err
	}
	switch major {
	case majorUint, majorNint:
		return toInt(start, major, n)
	case majorBytes:
		lo, hi, err := r.span(start, n, unbounded)
		if err != nil {
			return nil, err
		}
		return slices.Clone(r.b[lo:hi]), nil
	case majorText:
		return r.textSpan(start, n, unbounded)
	case majorTag:
		return r.linkBody(start, n)
	case majorList:
		return r.values(start, n, depth)
	case majorMap:
		return r.mapping(start, n, depth, nil)
	}
	switch byte(n) {
	case simpleFalse & 31:
		return false, nil
	case simpleTrue & 31:
		return true, nil
	}
	return nil, nil
}

// values reads the items of a list whose head was at start.
func (r *reader) values(start int, n uint64, depth int) (Value, error) {
	if n > uint64(len(r.b)-r.pos) {
		return nil, fault(start, FaultTruncated, "")
	}
	var items []Value
	if n > 0 {
		items = make([]Value, 0, min(n, firstItems))
	}
	for range n {
		item, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// mapping reads the pairs of a map whose head was at start. check, if given,
// says whether a value may stand in it.
func (r *reader) mapping(start int, n uint64, depth int, check func(Value) bool) (map[string]Value, error) {
	if n > uint64(len(r.b)-r.pos)/2 {
		return nil, fault(start, FaultTruncated, "")
	}
	var m map[string]Value
	if n > 0 {
		m = make(map[string]Value, min(n, firstItems))
	}
	var previous string
	for i := range n {
		key, err := r.key(previous, i == 0)
		if err != nil {
			return nil, err
		}
		at := r.pos
		value, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if check != nil && !check(value) {
			return nil, fault(at, FaultType, "%s", key)
		}
		m[key], previous = value, key
	}
	return m, nil
}

// skip reads past one item of any shape and returns where it began. Only heads
// are looked at: whoever needs the item reads it again in full.
func (r *reader) skip() (int, error) {
	start := r.pos
	for left := uint64(1); left > 0; left-- {
		at := r.pos
		major, n, err := r.head()
		if err != nil {
			return 0, err
		}
		switch major {
		case majorBytes, majorText:
			if _, _, err := r.span(at, n, unbounded); err != nil {
				return 0, err
			}
		case majorTag:
			left++
		case majorList, majorMap:
			if n > uint64(len(r.b)-r.pos) {
				return 0, fault(at, FaultTruncated, "")
			}
			left += n * uint64(major-majorList+1)
		}
	}
	return start, nil
}
