package protocol

import (
	"math"
	"slices"
	"time"
)

// Version is the version of the entry format that this package writes.
const Version = 1

// Bounds of an entry.
const (
	MaxBlock = 64 << 10        // bytes of a block
	MaxTime  = 253402300799999 // milliseconds: the last of the year 9999
)

// Time is an author's claim of when something was written: milliseconds since
// 1970 UTC. It orders displays and nothing else.
type Time int64

// TimeOf converts a clock's reading, cut to milliseconds.
func TimeOf(t time.Time) Time { return Time(t.UnixMilli()) }

// UTC returns the time as a calendar date and hour in UTC.
func (t Time) UTC() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Entry is one record of a log, decoded. The zero value is no entry: entries
// come from Parse, New and NewInception. An Entry and its body are read-only
// and may be shared between goroutines.
type Entry struct {
	Version int64
	Kind    Kind
	Log     LogID   // for an inception, its own identifier
	Seq     int64   // 0 for the inception
	Prev    EntryID // zero for the inception
	Time    Time
	Charter int64 // charter seq under which the author wrote
	Body    Body

	id    EntryID
	block []byte
}

// ID returns the identifier of the entry.
func (e Entry) ID() EntryID { return e.id }

// Block returns the exact bytes of the entry. They must not be changed.
func (e Entry) Block() []byte { return e.block }

// Head returns the entry's place in its log together with its identifier.
func (e Entry) Head() Head { return Head{Log: e.Log, Seq: e.Seq, CID: e.id} }

// Known reports whether this software knows the entry's version and kind.
func (e Entry) Known() bool {
	_, unknown := e.Body.(*Unknown)
	return !unknown
}

// Placement is where a new entry goes: after Prev in a log, under a version of
// the charter, at the time that its author claims.
type Placement struct {
	Log     LogID
	Seq     int64
	Prev    EntryID
	Time    Time
	Charter int64
}

type entryHead struct {
	version int64
	log     LogID
	seq     int64
	body    Body
	kind    string
	prev    EntryID
	time    int64
	charter int64
	bodyAt  int // offset of the body, when reading
}

func (h *entryHead) fields(f *fields) {
	f.integer("v", required, &h.version, 1, math.MaxInt64)
	f.link("log", required, &h.log.EntryID)
	f.integer("seq", required, &h.seq, 1, maxSeq)
	h.bodyField(f)
	f.text("kind", required, &h.kind, MaxName)
	f.link("prev", required, &h.prev)
	f.integer("time", required, &h.time, 0, MaxTime)
	f.integer("charter", required, &h.charter, 0, maxSeq)
}

// bodyField writes the body; reading, it passes over it, since the kind that
// says what it is stands behind it.
func (h *entryHead) bodyField(f *fields) {
	f.tell("body", required, "map, the layout of the kind", nil)
	if !f.begin("body", required, true) {
		return
	}
	if f.mode == writing {
		f.objectValue(h.body)
		return
	}
	major, err := f.r.peek()
	if err == nil && major != majorMap {
		f.fail(FaultType, "body")
	}
	if err == nil && f.err == nil {
		h.bodyAt, err = f.r.skip()
	}
	if f.err == nil {
		f.err = err
	}
}

// Parse reads an entry from its block. It is strict: whatever is not byte for
// byte the canonical form of an entry is refused with a FormatError. The
// identifier is the hash of the given bytes, which the entry keeps: the caller
// must not change them afterwards.
func Parse(block []byte) (Entry, error) {
	if len(block) > MaxBlock {
		return Entry{}, fault(0, FaultTooLarge, "%d bytes where %d are allowed", len(block), MaxBlock)
	}
	r := newReader(block)
	e := Entry{id: Identify(block), block: block}
	version, first, err := r.preview()
	switch {
	case err != nil:
		return Entry{}, err
	case version != Version:
		err = e.parseUnknown(r)
	case first == "log":
		err = e.parseEntry(r)
	default:
		err = e.parseInception(r)
	}
	if err != nil {
		return Entry{}, err
	}
	return e, nil
}

// preview reads the version and the name of the field after it, and goes back
// to the start.
func (r *reader) preview() (version int64, next string, err error) {
	defer func() { r.pos = 0 }()
	n, err := r.mapHead(MaxBlock)
	if err != nil {
		return 0, "", err
	}
	if n == 0 {
		return 0, "", fault(0, FaultMissing, "v")
	}
	key, err := r.key("", true)
	if err != nil {
		return 0, "", err
	}
	if key != "v" {
		return 0, "", fault(1, FaultMissing, "v")
	}
	at := r.pos
	if version, err = r.readInt(); err != nil {
		return 0, "", err
	}
	if version < 1 {
		return 0, "", fault(at, FaultRange, "v: %d", version)
	}
	if n == 1 {
		return version, "", nil
	}
	next, err = r.key(key, false)
	return version, next, err
}

func (e *Entry) parseEntry(r *reader) error {
	var h entryHead
	if err := readRecord(r, &h, 0); err != nil {
		return err
	}
	if err := r.end(); err != nil {
		return err
	}
	e.Version, e.Kind, e.Log, e.Seq, e.Prev = h.version, Kind(h.kind), h.log, h.seq, h.prev
	e.Time, e.Charter = Time(h.time), h.charter
	if e.Kind == KindInception {
		return fault(0, FaultKindMismatch, "an inception has no place in a log but its first")
	}
	r.pos = h.bodyAt
	if e.Body = newBody(e.Kind); e.Body == nil {
		value, err := r.value(1)
		e.Body = &Unknown{KindName: e.Kind, Value: value}
		return err
	}
	return readRecord(r, e.Body, 1)
}

func (e *Entry) parseInception(r *reader) error {
	body := &Inception{}
	shape := inceptionShape{body: body}
	if err := readRecord(r, &shape, 0); err != nil {
		return err
	}
	if err := r.end(); err != nil {
		return err
	}
	e.Version, e.Kind, e.Time, e.Body = shape.version, KindInception, Time(shape.time), body
	e.Log = LogID{e.id}
	return nil
}

type inceptionShape struct {
	body    *Inception
	version int64
	kind    string
	time    int64
}

func (s *inceptionShape) fields(f *fields) { s.body.head(f, &s.version, &s.kind, &s.time) }

// parseUnknown keeps an entry of a later version as long as it can be placed:
// every version for ever has v, log, seq and prev with the meaning of version 1.
func (e *Entry) parseUnknown(r *reader) error {
	value, err := r.value(0)
	if err != nil {
		return err
	}
	if err := r.end(); err != nil {
		return err
	}
	m, _ := value.(map[string]Value)
	version, _ := m["v"].(int64)
	kind, _ := m["kind"].(string)
	log, haveLog := m["log"].(EntryID)
	seq, haveSeq := m["seq"].(int64)
	prev, havePrev := m["prev"].(EntryID)
	if !haveLog && kind == string(KindInception) {
		return fault(0, FaultVersion, "v: %d", version)
	}
	if !haveLog || !haveSeq || !havePrev || seq < 1 {
		return fault(0, FaultUnlinkable, "v: %d", version)
	}
	e.Version, e.Kind, e.Log, e.Seq, e.Prev = version, Kind(kind), LogID{log}, seq, prev
	e.Body = &Unknown{KindName: e.Kind, Value: value}
	return nil
}

// New encodes an entry. It returns a FormatError when the body does not fit the
// format, whatever Parse would refuse included.
func New(p Placement, body Body) (Entry, error) {
	h := entryHead{
		version: Version, log: p.Log, seq: p.Seq, body: body, kind: string(body.Kind()),
		prev: p.Prev, time: int64(p.Time), charter: p.Charter,
	}
	return build(&h)
}

// NewInception encodes the inception of a log.
func NewInception(at Time, body *Inception) (Entry, error) {
	return build(&inceptionShape{body: body, version: Version, kind: string(KindInception), time: int64(at)})
}

func build(rec record) (Entry, error) {
	block, err := appendRecord(make([]byte, 0, 256), rec, 0)
	if err != nil {
		return Entry{}, err
	}
	return Parse(slices.Clip(block))
}
