package protocol

import (
	"fmt"
	"strconv"
	"strings"

	"pgregory.net/rapid"
)

// drawField draws the bytes of a field from its row in the tables of SPEC.md,
// so that the tables are shown to say enough.
func drawField(t *rapid.T, layouts map[string]Layout, row FieldRow) []byte {
	shape := row.Shape
	if inner, is := strings.CutPrefix(shape, "list of "); is {
		at := strings.LastIndex(inner, ", 1..")
		item := FieldRow{Name: row.Name, Shape: inner[:at], Item: row.Item}
		most, err := strconv.Atoi(inner[at+len(", 1.."):])
		if err != nil {
			panic(err)
		}
		n := rapid.IntRange(1, min(most, 3)).Draw(t, "length")
		b := appendHead(nil, majorList, uint64(n))
		for range n {
			b = append(b, drawField(t, layouts, item)...)
		}
		return b
	}
	switch {
	case strings.HasPrefix(shape, "int "):
		return drawInt(t, shape)
	case strings.HasPrefix(shape, "text, one of "):
		choices := strings.Split(strings.TrimPrefix(shape, "text, one of "), ", ")
		return appendText(nil, strings.Trim(rapid.SampledFrom(choices).Draw(t, "choice"), "`"))
	case strings.HasPrefix(shape, "text 1.."):
		if row.Item != "" && rapid.Bool().Draw(t, "hashed") {
			return drawRecord(t, layouts, row.Item).encode()
		}
		return appendText(nil, "a"+rapid.StringN(0, 8, 30).Draw(t, "text"))
	case shape == "public key":
		key := NewPrivateKey([32]byte{rapid.Byte().Draw(t, "key")}).Public()
		return appendBytes(nil, key[:])
	case strings.HasPrefix(shape, "bytes 1.."):
		return appendBytes(nil, rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "bytes"))
	case strings.HasPrefix(shape, "bytes "):
		n, err := strconv.Atoi(strings.TrimPrefix(shape, "bytes "))
		if err != nil {
			panic(err)
		}
		b := rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "bytes")
		b[0] |= 1
		return appendBytes(nil, b)
	case strings.HasPrefix(shape, "link"):
		return appendLink(nil, drawID(t))
	case strings.HasPrefix(shape, "map of text to "):
		return drawMapping(t, strings.TrimPrefix(shape, "map of text to "))
	case strings.HasPrefix(shape, "map"):
		return drawRecord(t, layouts, row.Item).encode()
	}
	panic(fmt.Sprintf("a shape that nobody knows: %+v", row))
}

func drawInt(t *rapid.T, shape string) []byte {
	limit := func(s string) int64 {
		s = strings.NewReplacer("2^63-1", "9223372036854775807", "10^15", "1000000000000000").Replace(s)
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			panic(err)
		}
		return n
	}
	least, most, ranged := strings.Cut(strings.TrimPrefix(shape, "int "), "..")
	if !ranged {
		most = least
	}
	return appendInt(nil, rapid.Int64Range(limit(least), limit(most)).Draw(t, "int"))
}

func drawMapping(t *rapid.T, of string) []byte {
	m := map[string]Value{}
	for _, key := range rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "keys") {
		switch of {
		case "link":
			m[key] = drawID(t)
		case "value":
			m[key] = drawValue(t, 3)
		default:
			m[key] = rapid.Int64().Draw(t, "plain")
		}
	}
	return mustValue(m)
}
