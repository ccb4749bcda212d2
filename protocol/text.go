package protocol

// Bounds of texts, in bytes of UTF-8.
const (
	MaxName      = 256   // names, units, identifiers of an importer
	MaxNote      = 8_192 // notes, reasons, purposes
	MaxReference = 2_048 // IRIs
)

// Text is text about people or places: a name, a note, a place. Either Plain
// holds it, or Hash is the salted hash of a text that travels beside the log
// and can be erased. Both empty is no text; both set is refused.
type Text struct {
	Plain string
	Hash  [32]byte
}

// PlainText returns a text that is written on the log, where it is permanent.
func PlainText(s string) Text { return Text{Plain: s} }

// IsZero reports whether there is no text, neither plain nor hashed.
func (t Text) IsZero() bool { return t == Text{} }

// String returns the plain text, or a placeholder for a text held elsewhere.
func (t Text) String() string {
	if t.Plain == "" && !t.IsZero() {
		return "(text kept beside the log)"
	}
	return t.Plain
}

type hashedText struct{ hash *[32]byte }

func (h hashedText) fields(f *fields) { f.fixed("h", required, h.hash[:]) }

// personal is a field that is plain text of at most max bytes, or {h: hash}.
func (f *fields) personal(name string, need presence, t *Text, max int) {
	f.tell(name, need, "text 1.."+number(max)+" bytes, or {h: bytes 32}", nil)
	if !f.begin(name, need, !t.IsZero()) {
		return
	}
	hashed := t.Plain == "" && !t.IsZero()
	if f.mode == reading {
		major, err := f.r.peek()
		if err != nil {
			f.err = err
			return
		}
		hashed = major == majorMap
	}
	if !hashed {
		f.textValue(name, &t.Plain, max)
		f.forbid(f.mode == writing && t.Hash != [32]byte{}, name+": plain text and hash")
		return
	}
	f.objectValue(hashedText{&t.Hash})
	if t.Hash == [32]byte{} {
		f.fail(FaultEmpty, name)
	}
}
