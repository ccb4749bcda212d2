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

// hashedText is the form of a text whose hash alone is on the log.
type hashedText struct{ hash [32]byte }

func (h *hashedText) fields(f *fields) { f.fixed("h", h.hash[:]) }

// personal is a field that is plain text of at most max bytes, or its hash.
func (f *fields) personal(name string, need presence, t *Text, max int) {
	if f.mode == describing {
		f.row(name, need, "text 1.."+number(max)+", or map", &hashedText{})
		return
	}
	if !f.begin(name, need, !t.IsZero()) {
		return
	}
	if f.mode == writing {
		f.writePersonal(name, t)
		return
	}
	if at := f.r.pos; at < len(f.r.b) && f.r.b[at]>>5 == majorMap {
		var hashed hashedText
		f.record(&hashed)
		if t.Hash = hashed.hash; f.err == nil && allZero(t.Hash[:]) {
			f.err = fault(at, FaultEmpty, "")
		}
		return
	}
	f.textValue(&t.Plain, max)
}

func (f *fields) writePersonal(name string, t *Text) {
	switch {
	case t.Hash == [32]byte{}:
		f.textValue(&t.Plain, 0)
	case t.Plain == "":
		f.record(&hashedText{t.Hash})
	default:
		f.err = fault(len(f.out), FaultConflict, "%s: plain text and hash", name)
	}
}
