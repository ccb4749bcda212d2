package protocol

// record is a map of the format. Its fields method names each field once, in
// canonical order; counting, writing, reading and describing all follow it, so
// that encoder, decoder and SPEC.md cannot drift apart.
//
// Only reading checks the bounds of a field. Writers end in Parse, so that they
// refuse the same.
type record interface{ fields(f *fields) }

// recordPtr is the pointer to T, where that is a record.
type recordPtr[T any] interface {
	*T
	record
}

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

// fields walks the fields of a record, and of the records in it, in one of the
// four modes. The first error stops it: later calls do nothing.
type fields struct {
	mode  mode
	err   error
	depth int // nesting of the items of the present map

	count int    // counting: pairs of the present map
	out   []byte // writing

	r    reader // reading
	left int    // pairs of the present map that were not read yet
	key  string // the key read last in the present map; none is empty

	describe func(row FieldRow, item record) // describing
}

// appendRecord appends the canonical form of a record that is a whole block or
// value of its own.
func appendRecord(dst []byte, rec record) ([]byte, error) {
	f := fields{mode: writing, out: dst}
	f.record(rec)
	return f.out, f.err
}

// record writes or reads a map.
func (f *fields) record(rec record) {
	switch f.mode {
	case writing:
		outer := f.count
		f.mode, f.count = counting, 0
		rec.fields(f)
		f.mode = writing
		f.out = appendHead(f.out, majorMap, uint64(f.count))
		f.depth++
		rec.fields(f)
		f.depth--
		f.count = outer
	case reading:
		f.readRecord(rec)
	}
}

func (f *fields) readRecord(rec record) {
	n, err := f.r.containerHead(majorMap, MaxBlock, 2)
	if err != nil {
		f.err = err
		return
	}
	left, key := f.left, f.key
	f.left, f.key = n, ""
	f.depth++
	rec.fields(f)
	if f.err == nil && f.left > 0 {
		f.unexpected("")
	}
	f.explain()
	f.depth--
	f.left, f.key = left, key
}

// explain adds the name of the field to an error that has no detail.
func (f *fields) explain() {
	if format, is := f.err.(*FormatError); is && format.Detail == "" {
		format.Detail = f.key
	}
}

// begin reports whether the caller is to handle the field's value now. given
// says, when writing, whether there is a value.
func (f *fields) begin(name string, need presence, given bool) bool {
	if f.err != nil {
		return false
	}
	if f.mode == reading {
		if f.left > 0 && f.r.name(name) {
			f.left--
			f.key = name
			return true
		}
		if need == required {
			f.unexpected(name)
		}
		return false
	}
	if !given && need == optional {
		return false
	}
	if f.mode == counting {
		f.count++
		return false
	}
	f.out = appendText(f.out, name)
	return true
}

// unexpected fails for what stands where the key wanted should, or, with none
// wanted, for what stands where the map should end.
func (f *fields) unexpected(wanted string) {
	at := f.r.pos
	if f.left == 0 {
		f.err = fault(at, FaultMissing, "%s", wanted)
		return
	}
	key, err := f.r.key(f.key, f.key == "")
	switch {
	case err != nil:
		f.err = err
	case wanted == "" || keyLess(key, wanted):
		f.err = fault(at, FaultUnknown, "%s", key)
	default:
		f.err = fault(at, FaultMissing, "%s", wanted)
	}
}

// row describes a field; item is the record inside it, if any.
func (f *fields) row(name string, need presence, shape string, item record) {
	f.describe(FieldRow{Name: name, Required: bool(need), Shape: shape}, item)
}

// checking reports whether fields just read are to be checked now.
func (f *fields) checking() bool { return f.mode == reading && f.err == nil }

// forbid fails with FaultConflict when the condition holds among the fields of
// a record that was read.
func (f *fields) forbid(condition bool, detail string) {
	if condition && f.checking() {
		f.err = fault(f.r.pos, FaultConflict, "%s", detail)
	}
}

// ascending fails with FaultListOrder unless each item sorts after the one
// before it.
func ascending[T any](f *fields, name string, v []T, compare func(a, b T) int) {
	if !f.checking() {
		return
	}
	for i := 1; i < len(v); i++ {
		if compare(v[i-1], v[i]) >= 0 {
			f.err = fault(f.r.pos, FaultListOrder, "%s: item %d", name, i)
			return
		}
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
