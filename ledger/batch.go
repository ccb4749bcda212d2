package ledger

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger/places"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// batch gathers the writes of one commit. It reads through to what is stored,
// sees its own writes, and leaves no trace when it is dropped. It belongs to
// the writer: one batch lives at a time.
type batch struct {
	l         *Ledger
	meta      metaRow
	rows      map[string]*row
	kin       map[kin][]string // the keys of rows, for finding those of one kind
	fresh     map[protocol.EntryID]freshEntry
	places    places.List // what is new in the index
	logs      map[logNo]*openLog
	lastID    protocol.LogID // of the log that was asked for last
	lastLog   *openLog
	commons   map[commonsNo]*openCommons
	runs      []*runRow // one a log, position meta.Position at the start + index + 1
	runOf     map[logNo]int
	postings  map[posting]*postingList
	lately    [16]lastPosting                // some of them, by the last bits of the identifier
	postedIn  map[protocol.EntryID][]posting // made when first asked for
	resources map[resourceAt]*openResource
	lastAt    resourceAt // the resource that was asked for last
	lastOpen  *openResource
	folios    map[folioOwner][]byte // before the batch, of agents with a changed row
	loose     map[folioOwner][]byte // after it, where they are kept in memory
	loosened  int                   // of these, those that were not before
	tasks     []task
	waiting   map[task]struct{} // the tasks, for finding them
	scratch   []byte            // see view.key
	size      int
	own       bool  // holds entries of the node's own: sync it
	broken    error // a request failed in the middle: nothing of the batch is valid
}

// row is a pending row; was is the stored value of a digested one, or one that
// stands on a folio.
type row struct {
	value  []byte
	was    []byte
	loaded bool
}

// same reports whether nothing changed.
func (r *row) same() bool {
	return string(r.was) == string(r.value) && (r.was == nil) == (r.value == nil)
}

// kin is what the keys have in common among which one looks for those with a
// prefix: the kind of row, and the table of a row of state.
type kin struct {
	kind  byte
	table rules.Table
}

func kinOf(k []byte) kin {
	if k[0] == keyState && len(k) > 3 {
		return kin{keyState, rules.Table(k[3])}
	}
	return kin{kind: k[0]}
}

// freshEntry is where an entry stands that this batch adds.
type freshEntry struct {
	no  logNo
	seq int64
}

type openLog struct {
	logRow
	before   logRow
	existed  bool
	unsigned bool             // the tip awaits the node's own signature
	paid     int64            // payments up to there are settled, if they had their effect
	base     int64            // seq of the first pending entry
	pending  []protocol.Entry // entries that this batch adds
	fresh    []paid           // payments of this batch that are not settled, ascending
}

type openCommons struct {
	*commonsState
	before  commonsRow
	no      commonsNo
	rules   rules.Context          // the rules' view of it
	touched map[string]rules.Table // digested rows
}

// posting names the entries of one run that name an identifier.
type posting struct {
	commons commonsNo
	id      protocol.EntryID
	run     int
}

// lastPosting is a posting that was added to lately: many entries in a row name
// the same few identifiers.
type lastPosting struct {
	posting
	list *postingList
}

type postingList struct {
	seqs []byte // varints
	last int64
}

func (l *Ledger) newBatch() *batch {
	return &batch{
		l: l, meta: l.meta,
		rows: map[string]*row{}, kin: map[kin][]string{}, fresh: map[protocol.EntryID]freshEntry{},
		logs: map[logNo]*openLog{}, commons: map[commonsNo]*openCommons{},
		runOf: map[logNo]int{}, postings: map[posting]*postingList{}, waiting: map[task]struct{}{},
		resources: map[resourceAt]*openResource{},
		folios:    map[folioOwner][]byte{},
	}
}

// room is how many bytes the batch still takes before it is to be flushed.
func (b *batch) full() bool {
	return b.size > b.l.maxBytes || len(b.fresh)+len(b.rows)+len(b.postings)+2*len(b.resources) > b.l.maxWrites
}

func (b *batch) get(k []byte) ([]byte, error) {
	if r, held := b.rows[string(k)]; held {
		return r.value, nil
	}
	return b.l.read(k)
}

func (b *batch) put(k, value []byte) {
	b.set(b.row(k), value)
}

// set changes a pending row, and counts what it will take of the commit.
func (b *batch) set(r *row, value []byte) {
	b.size += len(value) - len(r.value)
	r.value = value
}

// row returns a pending row, new if there was none.
func (b *batch) row(k []byte) *row {
	r := b.rows[string(k)]
	if r == nil {
		r = &row{}
		held, of := string(k), kinOf(k)
		b.rows[held] = r
		b.kin[of] = append(b.kin[of], held)
		b.size += len(k)
	}
	return r
}

// expect makes room for a run of new entries of a log.
func (b *batch) expect(log *openLog, n int) {
	log.pending = slices.Grow(log.pending, n)
	b.places.Grow(2 * n)
	if len(b.fresh) == 0 {
		b.fresh = make(map[protocol.EntryID]freshEntry, n)
	}
}

// index notes where what has a digest stands.
func (b *batch) index(log *openLog, seq int64, digest []byte) {
	b.places.Add(digest, places.Place{No: uint32(log.at(seq)), Seq: seq})
}

// scan calls fn for each row below prefix, stored or pending, ascending, until
// it returns false. What fn puts is not seen by the same scan.
func (b *batch) scan(prefix, from []byte, fn func(k, value []byte) (bool, error)) error {
	pending := b.pendingBelow(prefix, from)
	more, failed := true, error(nil)
	visit := func(k, value []byte) bool {
		more, failed = fn(k, value)
		more = more && failed == nil
		return more
	}
	// upTo visits the pending rows before a stored one, and tells whether that is
	// pending itself.
	upTo := func(k []byte) (replaced bool) {
		for more && len(pending) > 0 {
			order := bytes.Compare(pending[0].Key, k)
			if order > 0 {
				return false
			}
			w := pending[0]
			pending = pending[1:]
			if w.Value != nil {
				visit(w.Key, w.Value)
			}
			if order == 0 {
				return true
			}
		}
		return false
	}
	err := b.l.storage.View(func(s Snapshot) error {
		return s.Scan(prefix, from, false, func(k, value []byte) bool {
			if replaced := upTo(k); replaced || !more {
				return more
			}
			return visit(bytes.Clone(k), bytes.Clone(value))
		})
	})
	for ; err == nil && more && len(pending) > 0; pending = pending[1:] {
		if w := pending[0]; w.Value != nil {
			visit(w.Key, w.Value)
		}
	}
	return cmp.Or(failed, err)
}

// pendingBelow returns the pending rows below prefix, ascending.
func (b *batch) pendingBelow(prefix, from []byte) []Write {
	var found []Write
	for _, k := range b.kin[kinOf(prefix)] {
		if strings.HasPrefix(k, string(prefix)) && k >= string(from) {
			found = append(found, Write{Key: []byte(k), Value: b.rows[k].value})
		}
	}
	slices.SortFunc(found, func(x, y Write) int { return bytes.Compare(x.Key, y.Key) })
	return found
}

// openLogNo returns the row of a log for changing.
func (b *batch) openLogNo(no logNo) (*openLog, error) {
	if open, held := b.logs[no]; held {
		return open, nil
	}
	r, err := b.l.logRow(no)
	if err != nil {
		return nil, err
	}
	open := &openLog{logRow: *r, before: *r, existed: true, base: r.Held.Seq + 1}
	open.no, open.before.no = no, no
	open.paid = open.decided()
	b.logs[no] = open
	_, err = b.openCommonsNo(r.Commons)
	return open, err
}

// openLog returns the row of a log for changing, nil if the log is not held.
func (b *batch) openLog(id protocol.LogID) (*openLog, error) {
	if b.lastLog != nil && b.lastID == id {
		return b.lastLog, nil
	}
	v, err := b.get(key(keyLogNo, id.EntryID[:]))
	if err != nil || v == nil {
		return nil, err
	}
	no, err := logNoFrom(v)
	if err != nil {
		return nil, err
	}
	open, err := b.openLogNo(no)
	if err == nil {
		b.lastID, b.lastLog = id, open
	}
	return open, err
}

func (b *batch) openCommonsNo(no commonsNo) (*openCommons, error) {
	if open, held := b.commons[no]; held {
		return open, nil
	}
	state, held := b.l.commons[no]
	if !held {
		return nil, fmt.Errorf("%w: commons %d is not there", ErrDamaged, no)
	}
	open := &openCommons{commonsState: state.clone(), before: state.row, no: no, touched: map[string]rules.Table{}}
	open.rules = view{b, open}
	b.commons[no] = open
	return open, nil
}

// entryAt returns an entry that is held, stored or pending.
func (b *batch) entryAt(log *openLog, seq int64) (protocol.Entry, error) {
	if i := seq - log.base; i >= 0 && i < int64(len(log.pending)) {
		return log.pending[i], nil
	}
	return b.l.entryAt(log.at(seq), seq)
}

// stored returns what is held at a place, stored or pending.
func (b *batch) stored(no logNo, seq int64) (protocol.Entry, error) {
	if log, open := b.logs[no]; open && log.has(no, seq) {
		return b.entryAt(log, seq)
	}
	for _, log := range b.logs {
		if log.has(no, seq) && seq >= log.base {
			return b.entryAt(log, seq)
		}
	}
	return b.l.entryAt(no, seq)
}

// find returns an entry by its identifier, with the number of its log.
func (b *batch) find(id protocol.EntryID) (protocol.Entry, logNo, error) {
	if f, held := b.fresh[id]; held {
		e, err := b.stored(f.no, f.seq)
		return e, f.no, err
	}
	return b.l.find(id)
}

// view is the rules' view of one commons during a batch.
type view struct {
	b *batch
	c *openCommons
}

// Get returns a row of state.
func (x view) Get(t rules.Table, k []byte) ([]byte, error) {
	return x.b.get(x.key(t, k))
}

// key returns the key of a row of state, in memory that the next one takes.
func (x view) key(t rules.Table, k []byte) []byte {
	x.b.scratch = appendStateKey(x.b.scratch[:0], x.c.no, t, k)
	return x.b.scratch
}

// Put sets a row of state, and remembers what it replaces where the digest
// covers it.
func (x view) Put(t rules.Table, k, value []byte) {
	full := x.key(t, k)
	r := x.b.row(full)
	if !r.loaded && (t.Digested() || onFolio(t)) {
		was, err := x.b.l.read(full)
		if onFolio(t) && err == nil {
			_, err = x.b.openFolio(ownerOf(string(full)))
		}
		if err != nil {
			x.b.l.fail(err)
		}
		r.was, r.loaded = was, true
		if t.Digested() {
			x.c.touched[string(full)] = t
		}
	}
	x.b.set(r, value)
}

// Lookup returns an entry of this commons and whether it has its effect.
func (x view) Lookup(id protocol.EntryID) (protocol.Entry, bool, error) {
	e, no, err := x.b.find(id)
	if errors.Is(err, ErrNotFound) {
		return protocol.Entry{}, false, nil
	}
	if err != nil {
		return protocol.Entry{}, false, err
	}
	log, err := x.b.primaryOf(no)
	if err != nil || log.Commons != x.c.no {
		return protocol.Entry{}, false, err
	}
	void, err := x.Get(rules.Voids, id[:])
	return e, e.Seq <= log.Applied.Seq && log.at(e.Seq) == no && void == nil, err
}

// First returns the first row of a table whose key begins with prefix and whose
// rest is not below least.
func (x view) First(t rules.Table, prefix, least []byte) (rest, value []byte, err error) {
	full := stateKey(x.c.no, t, prefix)
	err = x.b.scan(full, append(bytes.Clone(full), least...), func(k, v []byte) (bool, error) {
		rest, value = k[len(full):], v
		return false, nil
	})
	return rest, value, err
}

// Terms returns the charter in force at a seq of the charter log.
func (x view) Terms(seq int64) (rules.Terms, error) { return x.c.termsAt(seq), nil }

// Commons returns the commons whose state this is.
func (x view) Commons() protocol.CommonsID { return x.c.id() }

func (b *batch) context(c *openCommons) view { return view{b: b, c: c} }

// Early counts entries that verdicts came before.
func (x view) Early(by int64) int64 {
	x.c.row.Early += by
	return x.c.row.Early
}
