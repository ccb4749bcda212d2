package protocol

// Head names an entry by its place and its identifier.
type Head struct {
	Log LogID
	Seq int64
	CID EntryID
}

// Endorse is a batch of a witness's votes: each vouches for the entry and for
// every entry before it in its log. Heads ascend by log.
type Endorse struct {
	Heads []Head
}

// Close ends a witness's epoch: Witnesses names the entry that replaces the
// set to which its author belongs.
type Close struct {
	Witnesses EntryID
}

// Kind returns KindEndorse.
func (b *Endorse) Kind() Kind { return KindEndorse }

// Kind returns KindClose.
func (b *Close) Kind() Kind { return KindClose }

func (b *Endorse) fields(f *fields) {
	f.heads("heads", required, &b.Heads)
}

func (f *fields) heads(name string, need presence, v *[]Head) {
	records(f, name, need, v, maxHeads, "map, ascending by log")
	ascending(f, name, *v, func(a, b Head) int { return a.Log.Compare(b.Log.EntryID) })
}

func (b *Close) fields(f *fields) { f.link("witnesses", required, &b.Witnesses) }

func (h *Head) fields(f *fields) {
	f.link("cid", required, &h.CID)
	f.link("log", required, &h.Log.EntryID)
	f.integer("seq", required, &h.Seq, 0, maxSeq)
}
