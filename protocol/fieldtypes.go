package protocol

import "slices"

// integer is a field with a value in [min, max]. An optional one is left out
// when zero, and has a min of 1.
func (f *fields) integer(name string, need presence, v *int64, min, max int64) {
	if f.mode == describing {
		f.row(name, need, "int "+bounds(min, max), nil)
		return
	}
	if !f.begin(name, need, *v != 0) {
		return
	}
	if f.mode == writing {
		f.out = appendInt(f.out, *v)
		return
	}
	at := f.r.pos
	*v, f.err = f.r.readInt()
	if f.err == nil && (*v < min || *v > max) {
		f.err = fault(at, FaultRange, "%s: %d", name, *v)
	}
}

// text is a field of at most max bytes of UTF-8, never empty.
func (f *fields) text(name string, need presence, v *string, max int) {
	if f.mode == describing {
		f.row(name, need, "text 1.."+number(max), nil)
		return
	}
	if f.begin(name, need, *v != "") {
		f.textValue(v, max)
	}
}

func (f *fields) textValue(v *string, max int) {
	if f.mode == writing {
		f.out = appendText(f.out, *v)
		return
	}
	at := f.r.pos
	*v, f.err = f.r.readText(max)
	if f.err == nil && *v == "" {
		f.err = fault(at, FaultEmpty, "")
	}
}

// choice is a text field with one of the given values.
func choice[T ~string](f *fields, name string, need presence, v *T, choices ...T) {
	if f.mode == describing {
		f.row(name, need, "text, one of "+alternatives(choices), nil)
		return
	}
	if !f.begin(name, need, *v != "") {
		return
	}
	if f.mode == writing {
		f.out = appendText(f.out, string(*v))
		return
	}
	at := f.r.pos
	if *v = readChoice(&f.r, choices); *v != "" {
		return
	}
	var text string
	if f.textValue(&text, MaxName); f.err == nil {
		f.err = fault(at, FaultChoice, "%s: %q", name, text)
	}
}

// readChoice reads a text that is one of the choices, or reads nothing.
func readChoice[T ~string](r *reader, choices []T) T {
	for _, choice := range choices {
		if r.name(string(choice)) {
			return choice
		}
	}
	return ""
}

// blob is a field of 1 to max bytes.
func (f *fields) blob(name string, need presence, v *[]byte, max int) {
	if f.mode == describing {
		f.row(name, need, "bytes 1.."+number(max), nil)
		return
	}
	if !f.begin(name, need, len(*v) > 0) {
		return
	}
	if f.mode == writing {
		f.out = appendBytes(f.out, *v)
		return
	}
	at := f.r.pos
	b, err := f.r.readBytes(max)
	if f.err = err; err == nil && len(b) == 0 {
		f.err = fault(at, FaultEmpty, "")
	}
	*v = slices.Clone(b)
}

// fixed is a required byte string of exactly the length of v.
func (f *fields) fixed(name string, v []byte) {
	if f.mode == describing {
		f.row(name, required, "bytes "+number(len(v)), nil)
		return
	}
	if f.begin(name, required, true) {
		f.fixedValue(v)
	}
}

func (f *fields) fixedValue(v []byte) {
	if f.mode == writing {
		f.out = appendBytes(f.out, v)
		return
	}
	at := f.r.pos
	b, err := f.r.readBytes(unbounded)
	switch {
	case err != nil:
		f.err = err
	case len(b) != len(v):
		f.err = fault(at, FaultLength, "%d bytes where %d are wanted", len(b), len(v))
	default:
		copy(v, b)
	}
}

// publicKey is a required Ed25519 key that is canonical and not of small order.
func (f *fields) publicKey(name string, v *PublicKey) {
	if f.mode == describing {
		f.row(name, required, "public key", nil)
		return
	}
	if f.begin(name, required, true) {
		f.publicKeyValue(v)
	}
}

func (f *fields) publicKeyValue(v *PublicKey) {
	at := f.r.pos
	f.fixedValue(v[:])
	if f.checking() && !v.Valid() {
		f.err = fault(at, FaultBadKey, "")
	}
}

// link is a field that names an entry.
func (f *fields) link(name string, need presence, v *EntryID) {
	if f.mode == describing {
		f.row(name, need, "link", nil)
		return
	}
	if f.begin(name, need, !v.IsZero()) {
		f.linkValue(v)
	}
}

func (f *fields) linkValue(v *EntryID) {
	switch {
	case f.mode == reading:
		*v, f.err = f.r.readLink()
	case v.IsZero():
		f.err = fault(len(f.out), FaultLink, "a link to no entry")
	default:
		f.out = appendLink(f.out, *v)
	}
}

// object is a required field that is a record.
func (f *fields) object(name string, rec record) {
	if f.mode == describing {
		f.row(name, required, "map", rec)
		return
	}
	if f.begin(name, required, true) {
		f.record(rec)
	}
}

// maybe is an optional field that is a record.
func maybe[T any, P recordPtr[T]](f *fields, name string, v **T) {
	if f.mode == describing {
		f.row(name, optional, "map", P(new(T)))
		return
	}
	if !f.begin(name, optional, *v != nil) {
		return
	}
	if f.mode == reading {
		*v = new(T)
	}
	f.record(P(*v))
}

// mapping is a map of text to plain values; check, if given, says which of them
// may stand in it. An optional one is left out when empty.
func (f *fields) mapping(name string, need presence, v *map[string]Value, of string, check func(Value) bool) {
	if f.mode == describing {
		f.row(name, need, "map of text to "+of, nil)
		return
	}
	if !f.begin(name, need, len(*v) > 0) {
		return
	}
	if f.mode == writing {
		f.out, f.err = appendValue(f.out, *v, f.depth)
		return
	}
	at := f.r.pos
	n, err := f.r.containerHead(majorMap, MaxBlock, 2)
	if err != nil {
		f.err = err
		return
	}
	*v, f.err = f.r.mapping(at, uint64(n), f.depth, check)
	if f.err == nil && n == 0 && need == optional {
		f.err = fault(at, FaultEmpty, "")
	}
}

// extension is the map of an author's own additions, without effect on the
// state.
func (f *fields) extension(v *map[string]Value) {
	f.mapping("ext", optional, v, "bytes, text, int or link", func(v Value) bool {
		switch v.(type) {
		case []byte, string, int64, EntryID:
			return true
		}
		return false
	})
}

// list is a field of 1 to max items; an optional one is left out when empty.
// each reads or writes one item.
func list[T any](f *fields, name string, need presence, v *[]T, max int, shape string, each func(f *fields, item *T)) {
	if f.mode == describing {
		f.row(name, need, listShape(shape, max), nil)
		return
	}
	if !f.begin(name, need, len(*v) > 0) {
		return
	}
	if f.mode == writing {
		f.out = appendHead(f.out, majorList, uint64(len(*v)))
	} else {
		at := f.r.pos
		n, err := f.r.containerHead(majorList, max, 1)
		if f.err = err; err == nil && n == 0 {
			f.err = fault(at, FaultEmpty, "")
		}
		*v = make([]T, n)
	}
	f.depth++
	for i := range *v {
		if f.err != nil {
			break
		}
		each(f, &(*v)[i])
	}
	f.depth--
}

// records is a list of records.
func records[T any, P recordPtr[T]](f *fields, name string, need presence, v *[]T, max int, shape string) {
	if f.mode == describing {
		f.row(name, need, listShape(shape, max), P(new(T)))
		return
	}
	list(f, name, need, v, max, shape, func(f *fields, item *T) { f.record(P(item)) })
}

// links is a list of links to entries.
func (f *fields) links(name string, need presence, v *[]EntryID, max int) {
	list(f, name, need, v, max, "link", func(f *fields, id *EntryID) { f.linkValue(id) })
}

// texts is a list of texts.
func (f *fields) texts(name string, need presence, v *[]string, max, size int) {
	var shape string
	if f.mode == describing {
		shape = "text 1.." + number(size)
	}
	list(f, name, need, v, max, shape, func(f *fields, s *string) { f.textValue(s, size) })
}
