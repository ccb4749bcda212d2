package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// jsonReader walks the tokens of a JSON text and knows where each begins. Keys
// that stand twice, numbers as written and the escapes of JSON come out as they
// are, which a YAML library would not give.
type jsonReader struct {
	*builder
	data    []byte
	decoder *json.Decoder
	counted int // bytes up to which lines are counted
	line    int
	begin   int // offset of the line
}

func (b *builder) json(data []byte) []*item {
	r := &jsonReader{builder: b, data: data, decoder: json.NewDecoder(bytes.NewReader(data)), line: 1}
	r.decoder.UseNumber()
	doc := r.value(0)
	if b.err == nil {
		line, column := r.place()
		if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
			b.fail(line, column, jsonMore)
		}
	}
	return []*item{doc}
}

// place is where the next token begins.
func (r *jsonReader) place() (line, column int) {
	at := int(r.decoder.InputOffset())
	for at < len(r.data) && bytes.IndexByte([]byte(" \t\r\n:,"), r.data[at]) >= 0 {
		at++
	}
	for ; r.counted < at; r.counted++ {
		if r.data[r.counted] == '\n' {
			r.line, r.begin = r.line+1, r.counted+1
		}
	}
	return r.line, at - r.begin + 1
}

func (r *jsonReader) token() (t json.Token, line, column int) {
	line, column = r.place()
	t, err := r.decoder.Token()
	if err != nil {
		reason := err.Error()
		if errors.Is(err, io.EOF) {
			reason = io.ErrUnexpectedEOF.Error()
		}
		r.fail(line, column, badSyntax, shown(reason))
	}
	return t, line, column
}

func (r *jsonReader) value(depth int) *item {
	t, line, column := r.token()
	if r.err != nil {
		return r.make(nothing, line, column, depth)
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			return r.list(line, column, depth)
		}
		return r.mapping(line, column, depth)
	case string:
		return r.scalar(t, false, line, column, depth)
	case json.Number:
		return r.scalar(t.String(), true, line, column, depth)
	case bool:
		text := "false"
		if t {
			text = "true"
		}
		return r.scalar(text, true, line, column, depth)
	}
	return r.make(nothing, line, column, depth)
}

func (r *jsonReader) list(line, column, depth int) *item {
	i := r.make(list, line, column, depth)
	for r.err == nil && r.decoder.More() {
		i.items = append(i.items, r.value(depth+1))
	}
	if r.err == nil {
		r.token()
	}
	return i
}

func (r *jsonReader) mapping(line, column, depth int) *item {
	i := r.make(mapping, line, column, depth)
	keys := map[string]int{}
	for r.err == nil && r.decoder.More() {
		key, line, column := r.token()
		name, is := key.(string)
		if r.err == nil && (!is || len(name) > maxScalar) {
			r.fail(line, column, textTooLong, maxScalar)
		}
		if r.err == nil {
			r.add(i, keys, entry{name, line, column, r.value(depth + 1)})
		}
	}
	if r.err == nil {
		r.token()
	}
	return i
}
