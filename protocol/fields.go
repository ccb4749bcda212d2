package protocol

import (
	"slices"
	"unicode/utf8"
)

// record is a map of the format. Its fields method names each field once, in
// canonical order; counting, writing, reading and describing all follow it, so
// that encoder, decoder and SPEC.md cannot drift apart.
type record interface{ fields(f *fields) }

type mode byte

const (
	counting mode = iota
	writing
	reading
	describing
)

// presence says whether a field may be left out.
type presence bool

const (
	required presence = true
	optional presence = false
)

// fields walks the fields of one record in one of the four modes. The first
// error stops it: later calls do nothing.
type fields struct {
	mode     mode
	err      error
	count    int
	out      []byte
	r        *reader
	left     int    // pairs of the map not yet read
	key      string // the key read last
	pending  bool   // key is read and its value is not
	any      bool   // some key was read
	depth    int
	describe func(name string, need presence, shape string, item record)
}

func appendRecord(dst []byte, rec record, depth int) ([]byte, error) {
	count := fields{mode: counting}
	rec.fields(&count)
	f := fields{mode: writing, out: appendHead(dst, majorMap, uint64(count.count)), depth: depth}
	rec.fields(&f)
	return f.out, f.err
}

func readRecord(r *reader, rec record, depth int) error {
	if depth > MaxDepth {
		return fault(r.pos, FaultTooDeep, "")
	}
	n, err := r.mapHead(MaxBlock)
	if err != nil {
		return err
	}
	f := fields{mode: reading, r: r, left: n, depth: depth}
	rec.fields(&f)
	f.finish()
	return f.err
}

// begin reports whether the caller is to handle the field's value now. given
// says, when writing, whether there is a value.
func (f *fields) begin(name string, need presence, given bool) bool {
	if f.err != nil {
		return false
	}
	switch f.mode {
	case counting:
		if given || bool(need) {
			f.count++
		}
		return false
	case writing:
		if !given && !bool(need) {
			return false
		}
		f.out = appendText(f.out, name)
		return true
	case reading:
		return f.beginRead(name, need)
	}
	return false
}

func (f *fields) beginRead(name string, need presence) bool {
	if !f.pending && f.left > 0 {
		key, err := f.r.key(f.key, !f.any)
		if err != nil {
			f.err = err
			return false
		}
		f.key, f.pending, f.any = key, true, true
		f.left--
	}
	if f.pending && f.key == name {
		f.pending = false
		return true
	}
	if need == required {
		if f.pending && keyLess(f.key, name) {
			f.fail(FaultUnknown, f.key)
		} else {
			f.fail(FaultMissing, name)
		}
	}
	return false
}

func (f *fields) finish() {
	if f.err == nil && f.pending {
		f.fail(FaultUnknown, f.key)
	}
	for f.err == nil && f.left > 0 {
		key, err := f.r.key(f.key, !f.any)
		if err != nil {
			f.err = err
			return
		}
		f.fail(FaultUnknown, key)
	}
}

func (f *fields) at() int {
	if f.mode == reading {
		return f.r.pos
	}
	return len(f.out)
}

func (f *fields) fail(fl Fault, detail string, args ...any) {
	if f.err == nil {
		f.err = fault(f.at(), fl, detail, args...)
	}
}

func (f *fields) tell(name string, need presence, shape string, item record) {
	if f.mode == describing {
		f.describe(name, need, shape, item)
	}
}

// integer is a field with a value in [min, max]. An optional one is left out
// when zero.
func (f *fields) integer(name string, need presence, v *int64, min, max int64) {
	f.tell(name, need, "int "+bounds(min, max), nil)
	start := f.at()
	if !f.begin(name, need, *v != 0) {
		return
	}
	if f.mode == reading {
		start = f.r.pos
		if *v, f.err = f.r.readInt(); f.err != nil {
			return
		}
	} else {
		f.out = appendInt(f.out, *v)
	}
	switch {
	case *v < min || *v > max:
		f.err = fault(start, FaultRange, "%s: %d", name, *v)
	case need == optional && *v == 0:
		f.err = fault(start, FaultEmpty, "%s", name)
	}
}

// text is a field of at most max bytes of UTF-8, never empty.
func (f *fields) text(name string, need presence, v *string, max int) {
	f.tell(name, need, "text 1.."+number(max)+" bytes", nil)
	if !f.begin(name, need, *v != "") {
		return
	}
	f.textValue(name, v, max)
}

func (f *fields) textValue(name string, v *string, max int) {
	start := f.at()
	if f.mode == reading {
		if *v, f.err = f.r.readText(max); f.err != nil {
			return
		}
	} else {
		f.out = appendText(f.out, *v)
	}
	switch {
	case *v == "":
		f.err = fault(start, FaultEmpty, "%s", name)
	case f.mode == writing && len(*v) > max:
		f.err = fault(start, FaultTooLarge, "%s: %d bytes where %d are allowed", name, len(*v), max)
	case f.mode == writing && !utf8.ValidString(*v):
		f.err = fault(start, FaultUTF8, "%s", name)
	}
}

// choice is a text field with one of the given values.
func (f *fields) choice(name string, need presence, v *string, choices ...string) {
	f.tell(name, need, "text, one of "+alternatives(choices), nil)
	if !f.begin(name, need, *v != "") {
		return
	}
	start := f.at()
	f.textValue(name, v, MaxName)
	if f.err == nil && !slices.Contains(choices, *v) {
		f.err = fault(start, FaultChoice, "%s: %q", name, *v)
	}
}

// blob is a field of 1 to max bytes.
func (f *fields) blob(name string, need presence, v *[]byte, max int) {
	f.tell(name, need, "bytes 1.."+number(max), nil)
	start := f.at()
	if !f.begin(name, need, len(*v) > 0) {
		return
	}
	if f.mode == reading {
		start = f.r.pos
		var b []byte
		if b, f.err = f.r.readBytes(max); f.err != nil {
			return
		}
		*v = slices.Clone(b)
	} else {
		f.out = appendBytes(f.out, *v)
	}
	switch {
	case len(*v) == 0:
		f.err = fault(start, FaultEmpty, "%s", name)
	case len(*v) > max:
		f.err = fault(start, FaultTooLarge, "%s", name)
	}
}

// fixed is a byte string of exactly the length of v.
func (f *fields) fixed(name string, need presence, v []byte) {
	f.tell(name, need, "bytes "+number(len(v)), nil)
	if !f.begin(name, need, !allZero(v)) {
		return
	}
	f.fixedValue(name, v)
	if f.err == nil && need == optional && allZero(v) {
		f.fail(FaultEmpty, name)
	}
}

func (f *fields) fixedValue(name string, v []byte) {
	if f.mode == writing {
		f.out = appendBytes(f.out, v)
		return
	}
	start := f.r.pos
	b, err := f.r.readBytes(MaxBlock)
	if err != nil {
		f.err = err
		return
	}
	if len(b) != len(v) {
		f.err = fault(start, FaultLength, "%s: %d bytes where %d are wanted", name, len(b), len(v))
		return
	}
	copy(v, b)
}

// link is a field that names an entry.
func (f *fields) link(name string, need presence, v *EntryID) {
	f.tell(name, need, "link", nil)
	if f.begin(name, need, !v.IsZero()) {
		f.linkValue(name, v)
	}
}

func (f *fields) linkValue(name string, v *EntryID) {
	if f.mode == reading {
		*v, f.err = f.r.readLink()
		return
	}
	if v.IsZero() {
		f.fail(FaultMissing, name)
		return
	}
	f.out = appendLink(f.out, *v)
}

// object is a field that is a record itself; given says, when writing, whether
// there is one, and make, when reading, gives the record to fill.
func (f *fields) object(name string, need presence, given bool, rec func() record) {
	if f.mode == describing {
		f.describe(name, need, "map", rec())
	}
	if !f.begin(name, need, given) {
		return
	}
	f.objectValue(rec())
}

func (f *fields) objectValue(rec record) {
	if f.mode == reading {
		f.err = readRecord(f.r, rec, f.depth+1)
		return
	}
	f.out, f.err = appendRecord(f.out, rec, f.depth+1)
}

// mapping is a map of text to plain values.
func (f *fields) mapping(name string, need presence, v *map[string]Value, check func(Value) bool) {
	f.tell(name, need, "map of text to value", nil)
	start := f.at()
	if !f.begin(name, need, len(*v) > 0) {
		return
	}
	if f.mode == writing {
		f.out, f.err = appendValue(f.out, *v, f.depth+1)
	} else {
		start = f.r.pos
		if major, err := f.r.peek(); err != nil || major != majorMap {
			f.err = err
			f.fail(FaultType, name)
			return
		}
		var value Value
		if value, f.err = f.r.value(f.depth + 1); f.err != nil {
			return
		}
		*v, _ = value.(map[string]Value)
	}
	if f.err == nil && len(*v) == 0 && need == optional {
		f.err = fault(start, FaultEmpty, "%s", name)
	}
	for key, value := range *v {
		if f.err == nil && check != nil && !check(value) {
			f.err = fault(start, FaultType, "%s.%s", name, key)
		}
	}
}

// list is a field of min to max items; an optional one is left out when empty.
// each handles one item in the current mode.
func list[T any](f *fields, name string, need presence, v *[]T, min, max int, shape string, item record, each func(f *fields, item *T)) {
	f.tell(name, need, "list of "+shape+", "+number(min)+".."+number(max), item)
	start := f.at()
	if !f.begin(name, need, len(*v) > 0) {
		return
	}
	if f.mode == reading {
		start = f.r.pos
		n, err := f.r.listHead(max)
		if err != nil {
			f.err = err
			return
		}
		if n > len(f.r.b)-f.r.pos {
			f.err = fault(start, FaultTruncated, "%s", name)
			return
		}
		*v = make([]T, n)
	} else {
		f.out = appendHead(f.out, majorList, uint64(len(*v)))
	}
	if len(*v) < min {
		f.err = fault(start, FaultEmpty, "%s", name)
	}
	if len(*v) > max {
		f.err = fault(start, FaultTooLarge, "%s", name)
	}
	for i := range *v {
		if f.err != nil {
			return
		}
		each(f, &(*v)[i])
	}
}

// links is a list of links to entries.
func (f *fields) links(name string, need presence, v *[]EntryID, max int) {
	list(f, name, need, v, 1, max, "link", nil, func(f *fields, id *EntryID) { f.linkValue(name, id) })
}

// texts is a list of texts.
func (f *fields) texts(name string, need presence, v *[]string, max, size int) {
	list(f, name, need, v, 1, max, "text", nil, func(f *fields, s *string) { f.textValue(name, s, size) })
}

// ascending fails with FaultListOrder unless each item sorts after the one
// before it.
func ascending[T any](f *fields, name string, v []T, compare func(a, b T) int) {
	if f.err != nil || f.mode == counting || f.mode == describing {
		return
	}
	for i := 1; i < len(v); i++ {
		if compare(v[i-1], v[i]) >= 0 {
			f.fail(FaultListOrder, name)
			return
		}
	}
}

// forbid fails with FaultConflict when the condition holds.
func (f *fields) forbid(condition bool, detail string) {
	if condition && (f.mode == reading || f.mode == writing) {
		f.fail(FaultConflict, detail)
	}
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
