package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds the nesting of a body: nothing that the API takes is deeper
// than half of it.
const maxDepth = 8

// maxFaults bounds how many faults of one body are told.
const maxFaults = 20

// decodeStrict reads one JSON value into out, which is a pointer to a struct.
// It refuses what encoding/json lets pass: unknown and repeated fields, null,
// text after the value, missing fields without omitempty, and nesting beyond
// maxDepth. All faults are told at once, each with its JSON pointer.
func decodeStrict(body []byte, out any) *Problem {
	c := checker{d: json.NewDecoder(bytes.NewReader(body)), body: body}
	c.d.UseNumber()
	c.value(reflect.TypeOf(out).Elem(), "", 0, "")
	if !c.broken {
		if _, err := c.d.Token(); !errors.Is(err, io.EOF) {
			c.add("", CodeSyntax, "more follows")
		}
	}
	if len(c.faults) == 0 && !utf8.Valid(body) {
		c.add("", CodeSyntax, "UTF-8")
	}
	if len(c.faults) == 0 {
		if err := json.Unmarshal(body, out); err != nil {
			c.add("", CodeSyntax, err)
		}
	}
	if len(c.faults) > 0 {
		p := problem(CodeBadBody)
		p.Errors = c.faults
		return p
	}
	return nil
}

// checker walks the tokens of a body beside the type that it is to have.
type checker struct {
	d      *json.Decoder
	body   []byte
	faults []ProblemItem
	broken bool // the rest cannot be read
}

func (c *checker) add(pointer string, code Code, args ...any) {
	if len(c.faults) < maxFaults {
		c.faults = append(c.faults, ProblemItem{Pointer: pointer, Code: code, args: args})
	}
}

func (c *checker) token(pointer string) (json.Token, bool) {
	t, err := c.d.Token()
	if err != nil {
		c.broken = true
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("it ends too early")
		}
		c.add(pointer, CodeSyntax, err)
		return nil, false
	}
	return t, true
}

// value checks one value. want is nil below a field that is faulty already:
// then only the syntax and the depth are looked at.
func (c *checker) value(want reflect.Type, pointer string, depth int, tag reflect.StructTag) {
	if depth > maxDepth {
		c.broken = true
		c.add(pointer, CodeTooDeep, maxDepth)
		return
	}
	t, ok := c.token(pointer)
	if !ok {
		return
	}
	for want != nil && want.Kind() == reflect.Pointer {
		want = want.Elem()
	}
	if want != nil && want.Kind() == reflect.Interface {
		want = nil // a document, which the ledger checks
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			c.object(c.expect(want, pointer, reflect.Struct, reflect.Map), pointer, depth)
		} else {
			c.list(c.expect(want, pointer, reflect.Slice), pointer, depth, tag)
		}
	case string:
		if c.expect(want, pointer, reflect.String) != nil {
			c.text(t, pointer, tag)
		}
	case json.Number:
		if c.expect(want, pointer, reflect.Int64) != nil {
			c.integer(t, pointer, tag)
		}
	case bool:
		c.expect(want, pointer, reflect.Bool)
	case nil:
		c.expect(want, pointer)
	}
}

// expect returns want if it is of one of the kinds; otherwise it notes what was
// wanted and returns nil.
func (c *checker) expect(want reflect.Type, pointer string, kinds ...reflect.Kind) reflect.Type {
	if want == nil {
		return nil
	}
	for _, kind := range kinds {
		if want.Kind() == kind {
			return want
		}
	}
	phrases := map[reflect.Kind]text{
		reflect.String: phraseText, reflect.Int64: phraseInteger, reflect.Bool: phraseBool,
		reflect.Slice: phraseList, reflect.Struct: phraseObject, reflect.Map: phraseObject,
	}
	wanted := phrases[want.Kind()]
	if strings.HasSuffix(pointer, "/hasNumericalValue") {
		wanted = phraseDecimal
	}
	c.add(pointer, CodeWrongType, wanted)
	return nil
}

func (c *checker) object(want reflect.Type, pointer string, depth int) {
	seen := map[string]bool{}
	for c.d.More() && !c.broken {
		t, ok := c.token(pointer)
		if !ok {
			return
		}
		name, _ := t.(string)
		at := pointer + "/" + escapePointer(name)
		if seen[name] {
			c.add(at, CodeDuplicate, name)
		}
		seen[name] = true
		c.member(want, name, at, depth)
	}
	if c.broken {
		return
	}
	if _, ok := c.token(pointer); ok && want != nil && want.Kind() == reflect.Struct {
		c.missing(want, pointer, seen)
	}
}

func (c *checker) member(want reflect.Type, name, at string, depth int) {
	if want == nil || want.Kind() == reflect.Map {
		var elem reflect.Type
		if want != nil {
			elem = want.Elem()
		}
		c.value(elem, at, depth+1, "")
		return
	}
	for i := range want.NumField() {
		if field := want.Field(i); jsonField(field) == name {
			c.value(field.Type, at, depth+1, field.Tag)
			return
		}
	}
	c.add(at, CodeUnknownField, name)
	c.value(nil, at, depth+1, "")
}

func (c *checker) missing(want reflect.Type, pointer string, seen map[string]bool) {
	for i := range want.NumField() {
		field := want.Field(i)
		name := jsonField(field)
		if name != "" && !seen[name] && !strings.Contains(field.Tag.Get("json"), ",omitempty") {
			c.add(pointer+"/"+name, CodeMissing)
		}
	}
}

func (c *checker) list(want reflect.Type, pointer string, depth int, tag reflect.StructTag) {
	var elem reflect.Type
	if want != nil {
		elem = want.Elem()
	}
	count := 0
	for c.d.More() && !c.broken {
		c.value(elem, pointer+"/"+strconv.Itoa(count), depth+1, "")
		count++
	}
	if c.broken {
		return
	}
	if max, err := strconv.Atoi(tag.Get("maxItems")); err == nil && count > max && want != nil {
		c.add(pointer, CodeTooLong, max)
	}
	c.token(pointer)
}

func (c *checker) text(value, pointer string, tag reflect.StructTag) {
	if max, err := strconv.Atoi(tag.Get("maxLength")); err == nil && len(value) > max {
		c.add(pointer, CodeTooLong, max)
	}
	if choices := tag.Get("enum"); choices != "" && value != "" && !oneOf(value, choices) {
		c.add(pointer, CodeChoice, value, strings.ReplaceAll(choices, ",", ", "))
	}
	if value == "" && !strings.Contains(tag.Get("json"), ",omitempty") && tag.Get("json") != "" {
		c.add(pointer, CodeEmpty)
	}
}

func (c *checker) integer(value json.Number, pointer string, tag reflect.StructTag) {
	n, err := value.Int64()
	if err != nil {
		c.add(pointer, CodeWrongType, phraseInteger)
		return
	}
	min, errMin := strconv.ParseInt(tag.Get("minimum"), 10, 64)
	max, errMax := strconv.ParseInt(tag.Get("maximum"), 10, 64)
	if errMin == nil && n < min || errMax == nil && n > max {
		c.add(pointer, CodeRange, phraseBetween.with(min, max))
	}
}

func oneOf(value, choices string) bool {
	for choice := range strings.SplitSeq(choices, ",") {
		if choice == value {
			return true
		}
	}
	return false
}

func jsonField(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// escapePointer escapes a field name for a JSON pointer (RFC 6901).
func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
