package places

import (
	"encoding/binary"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/minga-commons/minga/ledger/store"
)

// table is a database in memory: each commit makes another one.
type table struct {
	now atomic.Pointer[map[string]string]
}

func newTable() *table {
	t := &table{}
	t.now.Store(&map[string]string{})
	return t
}

func (t *table) commit(writes []store.Write) {
	next := maps.Clone(*t.now.Load())
	for _, w := range writes {
		if w.Value == nil {
			delete(next, string(w.Key))
		} else {
			next[string(w.Key)] = string(w.Value)
		}
	}
	t.now.Store(&next)
}

func (t *table) view(fn func(store.Snapshot) error) error { return fn(snapshot(*t.now.Load())) }

type snapshot map[string]string

func (s snapshot) Get(key []byte) ([]byte, error) {
	if v, held := s[string(key)]; held {
		return []byte(v), nil
	}
	return nil, nil
}

func (s snapshot) Scan(prefix, from []byte, _ bool, fn func(key, value []byte) bool) error {
	for _, k := range slices.Sorted(maps.Keys(s)) {
		if strings.HasPrefix(k, string(prefix)) && k >= string(from) && !fn([]byte(k), []byte(s[k])) {
			return nil
		}
	}
	return nil
}

// smallRoom makes a run of 300 postings, and merges three pages a commit.
const smallRoom = 2 * 300 * MaxPosting

func open(t rapid.TB, db *table) *Index {
	t.Helper()
	ix, err := Open(db.view, 'i', smallRoom)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// add commits postings.
func add(t rapid.TB, db *table, ix *Index, all []posting) {
	t.Helper()
	for ix.Behind() {
		commit(t, db, ix, nil)
	}
	commit(t, db, ix, all)
}

func commit(t rapid.TB, db *table, ix *Index, all []posting) {
	t.Helper()
	plan, err := ix.Plan(listOf(all))
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, w := range plan.Writes {
		size += len(w.Key) + len(w.Value)
	}
	if most := smallRoom + len(all)*MaxPosting + len(plan.Writes)*16; size > most {
		t.Fatalf("a commit of %d postings takes %d bytes, more than %d", len(all), size, most)
	}
	db.commit(plan.Writes)
	plan.Adopt()
}

func listOf(all []posting) (l List) {
	l.Grow(len(all))
	for _, p := range all {
		l.Add(p.bytes(), Place{p.no, p.seq})
	}
	return l
}

func (d digest) bytes() []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint64(nil, d.head), d.tail)
}

// model is a naive second index.
type model map[posting]bool

func (m model) between(least, most digest, limit int) (places []Place) {
	var all []posting
	for p := range m {
		if (span{least, most}).holds(p.digest) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, posting.compare)
	for _, p := range all[:min(limit, len(all))] {
		places = append(places, Place{p.no, p.seq})
	}
	return places
}

// TestModel does the same to an index and to a model of it, with commits that
// fail, restarts, and digests that are often the same.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		kinds := rapid.SampledFrom([]uint64{3, 1000, 1 << 60}).Draw(t, "digests")
		db, known := newTable(), model{}
		ix := open(t, db)
		seq := int64(0)
		some := func() digest { return digest{rng.Uint64N(kinds) * (1<<64 - 1) / kinds, uint16(rng.UintN(2))} }
		more := func(n int) (all []posting) {
			for range n {
				all = append(all, posting{some(), rng.Uint32N(3), seq})
				seq++
			}
			return all
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"commit", "many", "fail", "restart"}).Draw(t, "do") {
			case "commit":
				all := more(rng.IntN(3))
				add(t, db, ix, all)
				for _, p := range all {
					known[p] = true
				}
			case "many":
				all := more(rng.IntN(500))
				add(t, db, ix, all)
				for _, p := range all {
					known[p] = true
				}
			case "fail":
				if _, err := ix.Plan(listOf(more(rng.IntN(500)))); err != nil {
					t.Fatal(err)
				}
			case "restart":
				ix = open(t, db)
			}
			for range 2 {
				d := some()
				got, err := ix.Find(d.bytes())
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(known.between(d, d, 1<<30), got, equateEmpty); diff != "" {
					t.Fatalf("Find %x (-want +got):\n%s", d.bytes(), diff)
				}
			}
			least, most, limit := some(), some(), rng.IntN(20)
			got, err := ix.Between(least.bytes(), most.bytes(), limit)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(known.between(least, most, limit), got, equateEmpty); diff != "" {
				t.Fatalf("Between %x and %x (-want +got):\n%s", least.bytes(), most.bytes(), diff)
			}
		}
	})
}

var equateEmpty = cmp.Transformer("empty", func(p []Place) []Place {
	if p == nil {
		return []Place{}
	}
	return p
})

// TestRunsStayFew adds much, in commits large and small: the runs of each level
// are merged before there are many, and what was merged is removed.
func TestRunsStayFew(t *testing.T) {
	for _, size := range []int{1, 40, 700} {
		db := newTable()
		ix := open(t, db)
		rng := rand.New(rand.NewPCG(1, uint64(size)))
		total := 0
		for range 60_000 / max(size, 20) {
			var all []posting
			for range size {
				all = append(all, posting{digest{rng.Uint64(), 0}, 0, int64(total)})
				total++
			}
			add(t, db, ix, all)
			levels := map[int]int{}
			for _, r := range ix.now.Load().runs {
				levels[r.level]++
			}
			for level, n := range levels {
				if n > 3*fan {
					t.Fatalf("%d postings, %d with each commit: %d runs of level %d", total, size, n, level)
				}
			}
		}
		stored := 0
		for k, page := range *db.now.Load() {
			postings, err := parsePage([]byte(page))
			if err != nil {
				t.Fatalf("page %x: %v", k, err)
			}
			stored += len(postings)
		}
		if stored > total*5/4+3*recentRows {
			t.Errorf("%d with each commit: %d postings are stored %d times", size, total, stored)
		}
	}
}

// TestFindWhileMerging looks from other goroutines while the writer goes on.
func TestFindWhileMerging(t *testing.T) {
	db := newTable()
	ix := open(t, db)
	var known atomic.Int64
	of := func(i int64) []byte {
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint16(nil, uint16(i*40503)), uint64(i))
	}
	done := make(chan error)
	stop := atomic.Bool{}
	for reader := range uint64(3) {
		go func() {
			rng := rand.New(rand.NewPCG(reader, 0))
			for !stop.Load() {
				n := known.Load()
				i := rng.Int64N(n + 1)
				at, err := ix.Find(of(i))
				if err == nil && i < n && len(at) != 1 {
					err = errors.New("a posting was not found")
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 400 {
		n := known.Load()
		var l List
		for i := n; i < n+100; i++ {
			l.Add(of(i), Place{0, i})
		}
		plan, err := ix.Plan(l)
		if err != nil {
			t.Fatal(err)
		}
		db.commit(plan.Writes)
		plan.Adopt()
		known.Store(n + 100)
	}
	stop.Store(true)
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// TestDamage alters rows: whoever needs them is told.
func TestDamage(t *testing.T) {
	build := func() (*table, *Index) {
		db := newTable()
		ix := open(t, db)
		for i := range int64(80) {
			var all []posting
			for j := range uint64(100) {
				all = append(all, posting{digest{j << 50, uint16(i)}, 0, i})
			}
			add(t, db, ix, all)
		}
		return db, ix
	}
	alter := map[string]func(key, page []byte) []store.Write{
		"missing": func(key, _ []byte) []store.Write { return []store.Write{{Key: key}} },
		"cut off": func(key, page []byte) []store.Write {
			return []store.Write{{Key: key, Value: page[:len(page)-1]}}
		},
		"empty": func(key, _ []byte) []store.Write { return []store.Write{{Key: key, Value: []byte{}}} },
	}
	for name, fn := range alter {
		t.Run(name, func(t *testing.T) {
			db, ix := build()
			r := ix.now.Load().runs[0]
			for _, other := range ix.now.Load().runs {
				if len(other.begins) > len(r.begins) {
					r = other
				}
			}
			key := r.key('i', 1)
			db.commit(fn(key, []byte((*db.now.Load())[string(key)])))
			last := r.begins[2]
			last.head--
			if _, err := ix.Between(r.begins[1].bytes(), last.bytes(), 1<<30); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("Between: %v", err)
			}
			if _, err := Open(db.view, 'i', smallRoom); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("Open: %v", err)
			}
		})
	}
	t.Run("key", func(t *testing.T) {
		db, _ := build()
		db.commit([]store.Write{{Key: []byte("i123"), Value: appendPage(nil, []posting{{}})}})
		if _, err := Open(db.view, 'i', smallRoom); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("Open: %v", err)
		}
	})
}

// TestFilter counts how often a digest is looked for in vain.
func TestFilter(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	f := newFilter(stretchSize * pageSize)
	some := func() digest { return digest{rng.Uint64() >> 12, uint16(rng.Uint32())} } // of one part of a large run
	for range stretchSize * pageSize {
		d := some()
		f.add(d)
		if !f.may(d) {
			t.Fatalf("%x was added and is not there", d)
		}
	}
	wrong := 0
	for range 100_000 {
		if f.may(some()) {
			wrong++
		}
	}
	if wrong > 5_000 {
		t.Errorf("%d of 100,000 digests may be there", wrong)
	}
}

// FuzzPage parses any bytes as a page; what can be read is written the same.
func FuzzPage(f *testing.F) {
	f.Add(appendPage(nil, []posting{{digest{1, 2}, 3, 4}, {digest{1 << 63, 2}, 1 << 31, 1 << 39}}))
	f.Add([]byte("0123456789"))
	f.Fuzz(func(t *testing.T, b []byte) {
		page, err := parsePage(b)
		if err != nil {
			return
		}
		again, err := parsePage(appendPage(nil, page))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(page, again) {
			t.Errorf("%v became %v", page, again)
		}
	})
}
