package ledger

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/minga-commons/minga/ledger/places"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/ledger/store"
	"github.com/minga-commons/minga/protocol"
)

// Options are what a Ledger needs besides its folder.
type Options struct {
	Storage  Storage                 // nil: Badger in the folder
	Seed     [protocol.SeedSize]byte // source of the node's own keys
	Now      func() time.Time        // the clock; entries carry what it says
	Rand     io.Reader               // randomness of nonces, journals and invitations
	Logger   *slog.Logger
	ReadOnly bool // no entry is written or taken

	// AskFirst keeps the node from writing in the commons that it finds, until
	// Resume says that its own logs are whole. Without it the ledger trusts its
	// disk, even one that is a copy.
	AskFirst bool

	// TrustDistributions has the node sign distributions without computing them
	// again, for tests of what follows from signed ones.
	TrustDistributions bool

	// Store says how much memory and disk the ledger's own Badger may take; nil
	// means store.Default. It is not looked at when Storage is given.
	Store *store.Options
}

const cachedLogs = 1 << 14 // rows of logs kept in memory

// Ledger is the logs of one or more commons with their state. See the package
// comment for its contract.
type Ledger struct {
	storage  Storage
	seed     [protocol.SeedSize]byte
	now      func() time.Time
	rand     io.Reader
	logger   *slog.Logger
	readOnly bool

	maxBytes, maxWrites int

	index *places.Index // where entries stand, by identifier and by importer's key

	queueMu sync.Mutex
	queue   []*request
	led     bool // somebody commits what is in the queue

	writeMu sync.Mutex // held by the writer
	failed  error      // set by a commit that failed: nothing is written any more

	rowCache *rowCache
	walks    *walks

	// checkDistribution, if given, is asked before this node signs a distribution,
	// proposed or to be written at once, with all its parts in order. An error
	// keeps it from signing. It is called without locks held.
	checkDistribution func(ctx context.Context, id protocol.CommonsID, parts []protocol.Entry) error

	// computing has room for one: what is shared is computed one after the other,
	// since each computation keeps what it read in memory.
	computing chan struct{}

	looseMu sync.RWMutex
	loose   map[folioOwner][]byte // folios that are ahead of what is stored

	stateMu  sync.RWMutex // what a commit publishes
	meta     metaRow
	commons  map[commonsNo]*commonsState
	byID     map[protocol.CommonsID]commonsNo
	logCache *lru.Cache[logNo, *logRow]
	durable  uint64
	changed  chan struct{}

	cautionMu    sync.Mutex // held for a moment, inside any other
	cautions     map[commonsNo]caution
	reconsidered chan struct{}

	markMu    sync.Mutex
	marked    uint64    // journal position of the high-water file
	markedOwn []ownHead // own logs in it
}

// Open opens the ledger in a folder, and makes an empty one where there is
// none. It returns an error that wraps ErrDamaged when less is there than was
// written before.
func Open(dir string, o Options) (*Ledger, error) {
	storage := o.Storage
	if storage == nil {
		var err error
		if storage, err = openStore(dir, o); err != nil {
			return nil, err
		}
	}
	l := &Ledger{
		storage: storage, seed: o.Seed, now: o.Now, rand: o.Rand, logger: o.Logger, readOnly: o.ReadOnly,
		loose: map[folioOwner][]byte{}, commons: map[commonsNo]*commonsState{}, byID: map[protocol.CommonsID]commonsNo{},
		computing: make(chan struct{}, 1),
		changed:   make(chan struct{}), cautions: map[commonsNo]caution{}, reconsidered: make(chan struct{}),
	}
	if !o.TrustDistributions {
		l.checkDistribution = l.recheck
	}
	bytes, writes := storage.Limits()
	l.maxBytes, l.maxWrites = bytes*3/4, writes*3/4
	err := errors.Join(l.makeCaches(), l.load(o.AskFirst))
	if err != nil {
		return nil, errors.Join(err, storage.Close())
	}
	return l, nil
}

func openStore(dir string, o Options) (Storage, error) {
	options := store.Default()
	if o.Store != nil {
		options = *o.Store
	}
	if options.Logger == nil {
		options.Logger = o.Logger
	}
	s, err := store.Open(dir, options)
	if err != nil {
		return nil, storeError(err)
	}
	return s, nil
}

// storeError gives the errors of a store the meaning that callers decide on.
func storeError(err error) error {
	switch {
	case errors.Is(err, store.ErrDamaged):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	case errors.Is(err, store.ErrDiskFull):
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	case errors.Is(err, store.ErrLocked):
		return fmt.Errorf("%w: %w", ErrLocked, err)
	}
	return err
}

func (l *Ledger) makeCaches() (err error) {
	if l.rowCache, err = newRowCache(); err != nil {
		return err
	}
	if l.walks, err = newWalks(); err != nil {
		return err
	}
	l.logCache, err = lru.New[logNo, *logRow](cachedLogs)
	return err
}

// load reads what is kept in memory, and checks that nothing is missing.
func (l *Ledger) load(ask bool) error {
	row, err := l.read(key(keyMeta))
	if err != nil {
		return err
	}
	if row != nil {
		if err := decode("counters", row, &l.meta); err != nil {
			return err
		}
	}
	// What is read may stand in memory of the system only: a process that was
	// killed had not synced it, and it is about to be promised to others.
	if !l.readOnly {
		if err := l.storage.Sync(); err != nil {
			return storeError(err)
		}
	}
	l.durable = l.meta.Position
	if err := l.checkHighWater(); err != nil {
		return err
	}
	limit, _ := l.storage.Limits()
	l.index, err = places.Open(l.storage.View, keyIndex, (limit-l.maxBytes)*2/3)
	if err != nil {
		return storeError(err)
	}
	if err := cmp.Or(l.loadCommons(), l.loadFolios()); err != nil {
		return err
	}
	if row == nil || l.storage.Moved() {
		if err := l.newJournal(); err != nil {
			return err
		}
	}
	return l.loadCautions(ask)
}

// newJournal gives the arrival journal a new name, so that nobody takes a
// cursor into another history for one into this, and notes that own entries may
// be missing.
func (l *Ledger) newJournal() error {
	if l.readOnly {
		return nil
	}
	if _, err := io.ReadFull(l.rand, l.meta.Journal[:]); err != nil {
		return err
	}
	writes := append(l.doubts(), Write{Key: key(keyMeta), Value: encode(&l.meta)})
	return storeError(l.storage.Commit(writes, true))
}

func (l *Ledger) loadCommons() error {
	for no := range commonsNo(l.meta.Commons) {
		c := &commonsState{}
		b, err := l.read(key(keyCommons, no.bytes()))
		if err != nil {
			return err
		}
		if err := decode("commons", b, &c.row); err != nil {
			return err
		}
		sum, err := l.read(key(keySum, no.bytes()))
		if err != nil {
			return err
		}
		c.sum = rules.AccumulatorFromBytes(sum)
		l.commons[no], l.byID[c.id()] = c, no
		if err := l.loadGovernance(no, c); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) loadGovernance(no commonsNo, c *commonsState) error {
	var ids []termsAt
	prefix := stateKey(no, rules.Charters, nil)
	err := l.storage.View(func(s Snapshot) error {
		return s.Scan(prefix, nil, false, func(k, v []byte) bool {
			ids = append(ids, termsAt{seq: seqFrom(k[len(prefix):]), id: idFrom(v)})
			return true
		})
	})
	if err != nil {
		return err
	}
	for _, at := range ids {
		e, _, err := l.find(at.id)
		if err != nil {
			return err
		}
		body, _ := e.Body.(*protocol.Charter)
		if body == nil {
			return fmt.Errorf("%w: charter %v", ErrDamaged, at.id)
		}
		terms, _ := charter.Read(body)
		c.terms = append(c.terms, termsFrom{seq: at.seq, terms: terms})
	}
	return l.loadWitnesses(no, c)
}

// loadWitnesses reads who is and was in office, and the closes held.
func (l *Ledger) loadWitnesses(no commonsNo, c *commonsState) error {
	c.votesUpTo, c.inForce = -1, -1
	row, err := l.logByID(c.id().Charter())
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c.votesUpTo, c.inForce = row.votesUpTo(), row.inForce()
	c.epochs, err = epochsOf(row.Sets, c.votesUpTo, func(seq int64) (protocol.Entry, error) { return l.entryAt(row.at(seq), seq) })
	if err != nil {
		return err
	}
	prefix := stateKey(no, rules.Closes, nil)
	return l.scan(prefix, nil, func(k, _ []byte) bool {
		if k = k[len(prefix):]; len(k) == 32+4+4+8 {
			c.closes = append(c.closes, closing{
				set: idFrom(k[:32]), witness: logNo(binary.BigEndian.Uint32(k[32:])),
				at: settle.Place{Branch: binary.BigEndian.Uint32(k[36:]), Seq: seqFrom(k[40:])},
			})
		}
		return true
	})
}

type termsAt struct {
	seq int64
	id  protocol.EntryID
}

// stored reads rows of state as they are committed.
type stored struct {
	l  *Ledger
	no commonsNo
}

// Get returns a row of state.
func (s stored) Get(t rules.Table, k []byte) ([]byte, error) { return s.l.read(stateKey(s.no, t, k)) }

// Put does nothing: stored rows are read only.
func (s stored) Put(rules.Table, []byte, []byte) {}

// Close writes the high-water mark and closes the storage. No other method may
// run beside or after it.
func (l *Ledger) Close() error {
	l.writeMu.Lock()
	defer l.writeMu.Unlock()
	var err error
	if l.failed == nil && !l.readOnly {
		// Folios that cannot be stored are made again at the next start.
		if err = l.storeFolios(); errors.Is(err, ErrDiskFull) {
			err = nil
		}
		err = errors.Join(err, storeError(l.storage.Sync()), l.Checkpoint())
	}
	return errors.Join(err, storeError(l.storage.Close()))
}

// read returns a stored value, from memory where it was read or written lately.
func (l *Ledger) read(k []byte) (value []byte, err error) {
	keep := holdable(k)
	if keep {
		if value, held := l.rowCache.rows.Get(string(k)); held {
			return value, nil
		}
	}
	since := l.rowCache.now()
	err = l.storage.View(func(s Snapshot) error {
		value, err = s.Get(k)
		return err
	})
	if keep && err == nil && (value != nil || absenceHoldable(k)) {
		l.rowCache.add(since, func() { l.rowCache.rows.Add(string(k), value) })
	}
	return value, storeError(err)
}

func (l *Ledger) logRow(no logNo) (*logRow, error) {
	if r, held := l.logCache.Get(no); held {
		return r, nil
	}
	return l.logRowFrom(l.read, no)
}

// logRowFrom takes the row of a log from where read reads it.
func (l *Ledger) logRowFrom(read func([]byte) ([]byte, error), no logNo) (*logRow, error) {
	b, err := read(key(keyLog, no.bytes()))
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, fmt.Errorf("%w: log %d is not there", ErrDamaged, no)
	}
	r := &logRow{no: no}
	return r, decode("log", b, r)
}

func (l *Ledger) logByID(id protocol.LogID) (*logRow, error) {
	no, known, err := l.logNoOf(id)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, fmt.Errorf("%w: log %v", ErrNotFound, id)
	}
	return l.logRow(no)
}

// logNoOf returns the number of a log, and whether the log is held.
func (l *Ledger) logNoOf(id protocol.LogID) (logNo, bool, error) {
	v, err := l.read(key(keyLogNo, id.EntryID[:]))
	if err != nil || v == nil {
		return 0, false, err
	}
	no, err := logNoFrom(v)
	return no, err == nil, err
}

// entryAt reads an entry by its place and checks its hash.
func (l *Ledger) entryAt(no logNo, seq int64) (e protocol.Entry, err error) {
	err = l.storage.View(func(s Snapshot) error {
		e, err = newBlockReader(s, no).entry(seq)
		return err
	})
	return e, storeError(err)
}

// find reads an entry by its identifier. It returns ErrNotFound for one that is
// not held.
func (l *Ledger) find(id protocol.EntryID) (protocol.Entry, logNo, error) {
	all, err := l.index.Find(id[:])
	if err != nil {
		return protocol.Entry{}, 0, storeError(err)
	}
	for _, at := range all {
		e, err := l.entryAt(logNo(at.No), at.Seq)
		if err != nil || e.ID() == id {
			return e, logNo(at.No), err
		}
	}
	return protocol.Entry{}, 0, fmt.Errorf("%w: entry %v", ErrNotFound, id)
}

// fail stops the ledger: what it holds in memory may no longer be what is
// stored.
func (l *Ledger) fail(err error) {
	if l.failed == nil {
		l.failed = fmt.Errorf("the ledger has stopped, open it again: %w", err)
	}
}
