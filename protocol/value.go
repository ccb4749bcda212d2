package protocol

import (
	"slices"
	"sort"
)

// Value is a plain canonical datum: nil, bool, int64, string, []byte, EntryID
// (a link), []Value or map[string]Value. No other type occurs in one that was
// read, and AppendValue refuses any other.
type Value any

// AppendValue appends the canonical form of a value. It returns a FormatError
// for a type that the data model does not have, and for nesting above MaxDepth.
func AppendValue(dst []byte, v Value) ([]byte, error) { return appendValue(dst, v, 0) }

func appendValue(dst []byte, v Value, depth int) ([]byte, error) {
	if depth > MaxDepth {
		return nil, fault(len(dst), FaultTooDeep, "")
	}
	switch v := v.(type) {
	case nil:
		return append(dst, majorOther<<5|22), nil
	case bool:
		if v {
			return append(dst, majorOther<<5|21), nil
		}
		return append(dst, majorOther<<5|20), nil
	case int64:
		return appendInt(dst, v), nil
	case string:
		return appendText(dst, v), nil
	case []byte:
		return appendBytes(dst, v), nil
	case EntryID:
		return appendLink(dst, v), nil
	case []Value:
		dst = appendHead(dst, majorList, uint64(len(v)))
		for _, item := range v {
			var err error
			if dst, err = appendValue(dst, item, depth+1); err != nil {
				return nil, err
			}
		}
		return dst, nil
	case map[string]Value:
		return appendMap(dst, v, depth)
	}
	return nil, fault(len(dst), FaultType, "%T is no value of the data model", v)
}

func appendMap(dst []byte, m map[string]Value, depth int) ([]byte, error) {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return keyLess(keys[i], keys[j]) })
	dst = appendHead(dst, majorMap, uint64(len(m)))
	for _, key := range keys {
		var err error
		if dst, err = appendValue(appendText(dst, key), m[key], depth+1); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// ParseValue reads one canonical value that fills the whole of b.
func ParseValue(b []byte) (Value, error) {
	r := newReader(b)
	v, err := r.value(0)
	if err != nil {
		return nil, err
	}
	return v, r.end()
}

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
		lo, hi, err := r.span(start, n, len(r.b))
		if err != nil {
			return nil, err
		}
		return slices.Clone(r.b[lo:hi]), nil
	case majorText:
		return r.textSpan(start, n, len(r.b))
	case majorTag:
		return r.linkBody(start, n)
	case majorList:
		return r.list(start, n, depth)
	case majorMap:
		return r.mapping(start, n, depth)
	}
	switch n {
	case 20:
		return false, nil
	case 21:
		return true, nil
	}
	return nil, nil
}

func (r *reader) list(start int, n uint64, depth int) (Value, error) {
	if n > uint64(len(r.b)-r.pos) {
		return nil, fault(start, FaultTruncated, "")
	}
	list := make([]Value, 0, n)
	for range n {
		item, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, nil
}

func (r *reader) mapping(start int, n uint64, depth int) (Value, error) {
	if n > uint64(len(r.b)-r.pos)/2 {
		return nil, fault(start, FaultTruncated, "")
	}
	m := make(map[string]Value, n)
	var previous string
	for i := range n {
		key, err := r.key(previous, i == 0)
		if err != nil {
			return nil, err
		}
		if m[key], err = r.value(depth + 1); err != nil {
			return nil, err
		}
		previous = key
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
			if _, _, err := r.span(at, n, len(r.b)); err != nil {
				return 0, err
			}
		case majorTag:
			left++
		case majorList, majorMap:
			if n > uint64(len(r.b)) {
				return 0, fault(at, FaultTruncated, "")
			}
			left += n * uint64(major-majorList+1)
		}
	}
	return start, nil
}
