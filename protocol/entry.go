package protocol

import (
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

// entryHead is the block of an entry other than an inception.
type entryHead struct {
	version int64
	log     LogID
	seq     int64
	body    Body
	kind    Kind
	prev    EntryID
	time    int64
	charter int64
	bodyAt  int // offset of the body, when reading
}

func (h *entryHead) fields(f *fields) {
	f.integer("v", required, &h.version, Version, Version)
	f.link("log", required, &h.log.EntryID)
	f.integer("seq", required, &h.seq, 1, maxSeq)
	h.bodyField(f)
	h.kindField(f)
	f.link("prev", required, &h.prev)
	f.integer("time", required, &h.time, 0, MaxTime)
	f.integer("charter", required, &h.charter, 0, maxSeq)
}

// bodyField writes the body; reading, it passes over it, since the kind that
// says what it is stands behind it.
func (h *entryHead) bodyField(f *fields) {
	if f.mode == describing {
		f.row("body", required, "map, the layout of the kind", nil)
		return
	}
	if !f.begin("body", required, true) {
		return
	}
	if f.mode == writing {
		f.record(h.body)
		return
	}
	at := f.r.pos
	if at < len(f.r.b) && f.r.b[at]>>5 != majorMap {
		f.err = fault(at, FaultType, "")
		return
	}
	h.bodyAt, f.err = f.r.skip()
}

// kindField is a text field; reading, it knows the kinds of this version, so
// that they take no memory.
func (h *entryHead) kindField(f *fields) {
	if f.mode != reading {
		f.text("kind", required, (*string)(&h.kind), MaxName)
		return
	}
	if !f.begin("kind", required, true) {
		return
	}
	at := f.r.pos
	if h.kind = readChoice(&f.r, kinds[:]); h.kind == "" {
		f.textValue((*string)(&h.kind), MaxName)
	}
	if h.kind == KindInception {
		f.err = fault(at, FaultKindMismatch, "an inception has no log")
	}
}

// Parse reads an entry from its block. It is strict: whatever is not byte for
// byte the canonical form of an entry is refused with a FormatError. The
// identifier is the hash of the given bytes, which the entry keeps: the caller
// must not change them afterwards.
func Parse(block []byte) (Entry, error) {
	var p parser
	return p.parse(block)
}

// parse is Parse. A parser may be used again, which saves the memory of a new
// one.
func (p *parser) parse(block []byte) (Entry, error) {
	if len(block) > MaxBlock {
		return Entry{}, fault(0, FaultTooLarge, "%d bytes where %d are allowed", len(block), MaxBlock)
	}
	*p = parser{fields: fields{mode: reading, r: reader{b: block}}}
	version, hasLog, err := p.r.preview()
	if err != nil {
		return Entry{}, err
	}
	var e Entry
	switch {
	case version != Version:
		e, err = p.unknown()
	case hasLog:
		e, err = p.entry()
	default:
		e, err = p.inception()
	}
	if err != nil {
		return Entry{}, err
	}
	e.id, e.block = Identify(block), block
	if e.Kind == KindInception {
		e.Log = LogID{e.id}
	}
	return e, nil
}

// PeekLog reads no more of a block than the log that it says it is in, so that
// entries of logs that are not wanted can be turned away at little cost. It
// returns false for an inception and for what is no entry.
func PeekLog(block []byte) (LogID, bool) {
	r := reader{b: block}
	if _, hasLog, err := r.preview(); err != nil || !hasLog {
		return LogID{}, false
	}
	if _, err := r.containerHead(majorMap, MaxBlock, 2); err != nil || !r.name("v") {
		return LogID{}, false
	}
	if _, err := r.readInt(); err != nil || !r.name("log") {
		return LogID{}, false
	}
	id, err := r.readLink()
	return LogID{id}, err == nil
}

// preview reads the version and whether the field after it is log, and goes
// back to the start.
func (r *reader) preview() (version int64, hasLog bool, err error) {
	n, err := r.containerHead(majorMap, MaxBlock, 2)
	if err != nil {
		return 0, false, err
	}
	if n == 0 {
		return 0, false, fault(0, FaultMissing, "v")
	}
	at := r.pos
	if !r.name("v") {
		if _, err := r.key("", true); err != nil {
			return 0, false, err
		}
		return 0, false, fault(at, FaultMissing, "v")
	}
	at = r.pos
	if version, err = r.readInt(); err != nil {
		return 0, false, err
	}
	if version < 1 {
		return 0, false, fault(at, FaultRange, "v: %d", version)
	}
	hasLog = n > 1 && r.name("log")
	r.pos = 0
	return version, hasLog, nil
}

// parser holds what reading an entry needs.
type parser struct {
	fields
	head entryHead
}

func (p *parser) entry() (Entry, error) {
	h := &p.head
	if p.record(h); p.err != nil {
		return Entry{}, p.err
	}
	if err := p.r.end(); err != nil {
		return Entry{}, err
	}
	e := Entry{
		Version: h.version, Kind: h.kind, Log: h.log, Seq: h.seq, Prev: h.prev,
		Time: Time(h.time), Charter: h.charter, Body: newBody(h.kind),
	}
	p.r.pos, p.depth = h.bodyAt, 1
	if e.Body == nil {
		value, err := p.r.value(p.depth)
		e.Body = &Unknown{KindName: e.Kind, Value: value}
		return e, err
	}
	p.record(e.Body)
	return e, p.err
}

func (p *parser) inception() (Entry, error) {
	shape := new(inceptionShape)
	if p.record(shape); p.err != nil {
		return Entry{}, p.err
	}
	if err := p.r.end(); err != nil {
		return Entry{}, err
	}
	return Entry{Version: shape.version, Kind: shape.kind, Time: Time(shape.time), Body: &shape.body}, nil
}

// unknown keeps an entry of a later version as long as it can be placed: every
// version for ever has v, log, seq and prev with the meaning of version 1.
func (p *parser) unknown() (Entry, error) {
	value, err := p.r.value(0)
	if err != nil {
		return Entry{}, err
	}
	if err := p.r.end(); err != nil {
		return Entry{}, err
	}
	m, _ := value.(map[string]Value)
	version, _ := m["v"].(int64)
	text, _ := m["kind"].(string)
	log, haveLog := m["log"].(EntryID)
	seq, haveSeq := m["seq"].(int64)
	prev, havePrev := m["prev"].(EntryID)
	kind := Kind(text)
	switch {
	case m["log"] == nil && kind == KindInception:
		return Entry{}, fault(0, FaultVersion, "v: %d", version)
	case !haveLog || !haveSeq || !havePrev || seq < 1 || kind == KindInception:
		return Entry{}, fault(0, FaultUnlinkable, "v: %d", version)
	}
	return Entry{
		Version: version, Kind: kind, Log: LogID{log}, Seq: seq, Prev: prev,
		Body: &Unknown{KindName: kind, Value: value},
	}, nil
}

// New encodes an entry. It returns a FormatError when the body does not fit the
// format, whatever Parse would refuse included. The body is not kept.
func New(p Placement, body Body) (Entry, error) {
	if body == nil {
		return Entry{}, fault(0, FaultMissing, "body")
	}
	if _, unknown := body.(*Unknown); unknown {
		return Entry{}, fault(0, FaultKindMismatch, "an entry of unknown kind is not written")
	}
	return build(&entryHead{
		version: Version, log: p.Log, seq: p.Seq, body: body, kind: body.Kind(),
		prev: p.Prev, time: int64(p.Time), charter: p.Charter,
	})
}

// NewInception encodes the inception of a log. The body is not kept.
func NewInception(at Time, body *Inception) (Entry, error) {
	return build(&inceptionShape{body: *body, version: Version, kind: KindInception, time: int64(at)})
}

func build(rec record) (Entry, error) {
	block, err := appendRecord(make([]byte, 0, 512), rec)
	if err != nil {
		return Entry{}, err
	}
	return Parse(slices.Clip(block))
}
