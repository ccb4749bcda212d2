package store

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// model is a naive second store: a map, of which scans sort the keys.
type model map[string]string

func (m model) commit(writes []Write) {
	for _, w := range writes {
		if w.Value == nil {
			delete(m, string(w.Key))
		} else {
			m[string(w.Key)] = string(w.Value)
		}
	}
}

func (m model) scan(prefix, from []byte) (pairs [][2]string) {
	for k, v := range m {
		if bytes.HasPrefix([]byte(k), prefix) && k >= string(from) {
			pairs = append(pairs, [2]string{k, v})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return bytes.Compare([]byte(a[0]), []byte(b[0])) })
	return pairs
}

// modelWrite is a Write that is short to print.
type modelWrite struct {
	key  []byte
	size int // of the value, -1 to remove
	fill byte
}

func (w modelWrite) write() Write {
	if w.size < 0 {
		return Write{Key: w.key}
	}
	return Write{w.key, bytes.Repeat([]byte{w.fill}, w.size)}
}

// TestModel does the same to a store and to a model of it, with restarts and
// crashes in between.
func TestModel(t *testing.T) {
	key := rapid.Custom(func(t *rapid.T) []byte {
		k := rapid.SliceOfN(rapid.SampledFrom([]byte{1, 'a', 'b', 0xff, 0}), 1, 4).Draw(t, "key")
		if k[0] == 0 {
			k[0] = 'c'
		}
		return k
	})
	write := rapid.Custom(func(t *rapid.T) modelWrite {
		return modelWrite{
			key:  key.Draw(t, "k"),
			size: rapid.SampledFrom([]int{-1, 0, 1, 50, 5000}).Draw(t, "size"),
			fill: rapid.Byte().Draw(t, "fill"),
		}
	})
	rapid.Check(t, func(rt *rapid.T) {
		root, err := os.MkdirTemp(t.TempDir(), "model")
		if err != nil {
			rt.Fatal(err)
		}
		dir := root + "/0"
		open := func() *Store {
			s, err := Open(dir, testOptions(t))
			if err != nil {
				rt.Fatal(err)
			}
			return s
		}
		s, want := open(), model{}
		defer func() {
			if err := s.Close(); err != nil {
				rt.Error(err)
			}
		}()
		check := func(rt *rapid.T) {
			prefix := rapid.OneOf(rapid.Just([]byte(nil)), key).Draw(rt, "prefix")
			from := rapid.OneOf(rapid.Just([]byte(nil)), key).Draw(rt, "from")
			keysOnly := rapid.Bool().Draw(rt, "keys only")
			wanted := want.scan(prefix, from)
			var got [][2]string
			err := s.View(func(snap Snapshot) error {
				for _, pair := range wanted {
					if v, err := snap.Get([]byte(pair[0])); err != nil || v == nil || string(v) != pair[1] {
						rt.Fatalf("key %q is %q, %v, want %q", pair[0], v, err, pair[1])
					}
				}
				return snap.Scan(prefix, from, keysOnly, func(k, v []byte) bool {
					if keysOnly {
						if v != nil {
							rt.Fatalf("a value with keysOnly: %q", v)
						}
						v = []byte(want[string(k)])
					}
					got = append(got, [2]string{string(k), string(v)})
					return true
				})
			})
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(wanted, got); diff != "" {
				rt.Fatal(diff)
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"commit": func(rt *rapid.T) {
				var writes []Write
				for _, w := range rapid.SliceOfN(write, 0, 20).Draw(rt, "writes") {
					writes = append(writes, w.write())
				}
				if err := s.Commit(writes, rapid.Bool().Draw(rt, "sync")); err != nil {
					rt.Fatal(err)
				}
				want.commit(writes)
			},
			"sync": func(rt *rapid.T) {
				if err := s.Sync(); err != nil {
					rt.Fatal(err)
				}
			},
			"end": func(rt *rapid.T) {
				crash := rapid.IntRange(0, 5).Draw(rt, "crash if 1, restart if 2")
				from := dir
				if crash == 1 {
					dir += "+"
					if err := copyFolder(dir, from); err != nil {
						rt.Fatal(err)
					}
				}
				if crash == 1 || crash == 2 {
					if err := s.Close(); err != nil {
						rt.Fatal(err)
					}
					s = open()
				}
			},
			"": check,
		})
	})
}

// TestViewIsASnapshot reads the same before and after a commit beside it.
func TestViewIsASnapshot(t *testing.T) {
	s := mustOpen(t, t.TempDir(), testOptions(t))
	mustCommit(t, s, false, put("a", "1"), put("b", "1"))
	err := s.View(func(snap Snapshot) error {
		mustCommit(t, s, true, put("a", "2"), put("b", "2"), put("c", "2"))
		for key, want := range map[string]string{"a": "1", "b": "1", "c": ""} {
			got, err := snap.Get([]byte(key))
			if err != nil || string(got) != want {
				t.Errorf("key %s is %q, %v, want %q", key, got, err, want)
			}
		}
		n := 0
		err := snap.Scan(nil, nil, true, func(k, v []byte) bool { n++; return n < 2 })
		if n != 2 {
			t.Errorf("scanned %d keys", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestScrub checks the tables while they are compacted, and then damaged ones.
func TestScrub(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, testOptions(t))
	done := make(chan error)
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if err := s.VerifyChecksum(); err != nil {
				done <- err
				return
			}
		}
	}()
	for i := range 200 {
		value := make([]byte, 100_000)
		value[i] = 1
		mustCommit(t, s, false, Write{[]byte{1, byte(i % 50)}, value})
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
	mustClose(t, s)

	s = mustOpen(t, dir, testOptions(t))
	tables, err := os.ReadDir(s.path())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range tables {
		if path := s.path() + "/" + f.Name(); len(path) > 4 && path[len(path)-4:] == ".sst" {
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteAt([]byte("damage"), 2000); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	wantErr(t, s.VerifyChecksum(), ErrDamaged)
}
