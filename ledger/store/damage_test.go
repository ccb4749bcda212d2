package store

import (
	"bytes"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// filled returns the folder of a closed store of n commits that has a table.
func filled(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	s := mustOpen(t, dir, testOptions(t))
	commitNumbered(t, s, 0, n)
	mustClose(t, s)
	return dir
}

// commitNumbered makes commits that each write their number and a row.
func commitNumbered(t testing.TB, s *Store, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		row, value := numberedRow(i)
		mustCommit(t, s, i%8 == 7, put("last", fmt.Sprint(i)), put(row, value))
	}
}

// numberedRow returns a key, and a value that cannot be packed.
func numberedRow(i int) (key, value string) {
	sum := sha512.Sum512(binary.BigEndian.AppendUint32(nil, uint32(i)))
	return fmt.Sprintf("row %04d", i), string(sum[:])
}

// numbered returns how many commits of commitNumbered a store holds, and fails
// the test if they are not the first ones, each of them whole.
func numbered(t testing.TB, s *Store) int {
	t.Helper()
	rows := read(t, s, "row ", "")
	for i, got := range rows {
		row, value := numberedRow(i)
		if got != row+"="+value {
			t.Fatalf("row %d is %q", i, got)
		}
	}
	if last := read(t, s, "last", ""); len(rows) > 0 && last[0] != fmt.Sprintf("last=%d", len(rows)-1) {
		t.Fatalf("%d rows, but %v", len(rows), last)
	}
	return len(rows)
}

func copyOf(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := copyFolder(to, dir); err != nil {
		t.Fatal(err)
	}
	return to
}

// copyFolder copies a folder, also of a store that is open. A copy of files that
// change meanwhile is not what a crash leaves behind, so it tries until they do
// not.
func copyFolder(to, from string) error {
	for range 1000 {
		before := fileList(from)
		err := copyFiles(to, from)
		if before == fileList(from) {
			return err
		}
		if err := os.RemoveAll(to); err != nil {
			return err
		}
	}
	return errors.New("the files do not come to rest")
}

// fileList returns names, sizes and times of all files.
func fileList(dir string) string {
	var list strings.Builder
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(&list, path, info.Size(), info.ModTime())
		}
		return err
	})
	return list.String()
}

func copyFiles(to, from string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		// Logs end in holes of some MiB.
		filled := bytes.TrimRight(data, "\x00")
		if err := os.WriteFile(filepath.Join(to, name), filled, 0o600); err != nil {
			return err
		}
		return os.Truncate(filepath.Join(to, name), int64(len(data)))
	})
}

// one returns the only file of a folder that fits a pattern.
func one(t testing.TB, dir, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s in %s: %v %v", pattern, dir, found, err)
	}
	return found[0]
}

func edit(t testing.TB, path string, change func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func flip(at int) func([]byte) []byte {
	return func(b []byte) []byte { b[at] ^= 1 << (at % 8); return b }
}

func cut(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:n] } }

func remove(t testing.TB, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

// TestDamageIsRefused damages a closed store and expects an error that says what
// to do, and the tables to be there still.
func TestDamageIsRefused(t *testing.T) {
	whole := filled(t, 50)
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, dir string)
		advice string
	}{
		{"list of tables missing", func(t *testing.T, dir string) { remove(t, dir+"/badger/MANIFEST") }, "put back the last good list"},
		{"list of tables empty", func(t *testing.T, dir string) { edit(t, dir+"/badger/MANIFEST", cut(0)) }, "put back the last good list"},
		{"list of tables without tables", func(t *testing.T, dir string) { edit(t, dir+"/badger/MANIFEST", cut(16)) }, "put back the last good list"},
		{"list of tables cut", func(t *testing.T, dir string) { edit(t, dir+"/badger/MANIFEST", cut(21)) }, "put back the last good list"},
		{"list of tables and its copy missing", func(t *testing.T, dir string) {
			remove(t, dir+"/badger/MANIFEST")
			remove(t, dir+"/manifest-copy")
		}, "Join each commons again"},
		{"table missing", func(t *testing.T, dir string) { remove(t, one(t, dir, "badger/*.sst")) }, "Join each commons again"},
		{"table empty", func(t *testing.T, dir string) { edit(t, one(t, dir, "badger/*.sst"), cut(0)) }, "Join each commons again"},
		{"table cut", func(t *testing.T, dir string) { edit(t, one(t, dir, "badger/*.sst"), cut(1000)) }, "Join each commons again"},
		{"table altered", func(t *testing.T, dir string) { edit(t, one(t, dir, "badger/*.sst"), flip(500)) }, "Join each commons again"},
		{"folder emptied", func(t *testing.T, dir string) {
			remove(t, dir+"/badger")
			if err := os.Mkdir(dir+"/badger", 0o700); err != nil {
				t.Fatal(err)
			}
		}, "Join each commons again"},
		{"folder removed", func(t *testing.T, dir string) { remove(t, dir+"/badger") }, "Join each commons again"},
		{"registry altered", func(t *testing.T, dir string) { edit(t, dir+"/badger/KEYREGISTRY", flip(20)) }, "remove it"},
		{"value log altered", func(t *testing.T, dir string) { edit(t, one(t, dir, "badger/*.vlog"), flip(3)) }, "remove it"},
		{"strange file", func(t *testing.T, dir string) {
			if err := os.WriteFile(dir+"/badger/-1.sst", nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "take it away"},
		{"high-water altered", func(t *testing.T, dir string) { edit(t, dir+"/high-water", flip(12)) }, "remove it"},
		{"high-water empty", func(t *testing.T, dir string) { edit(t, dir+"/high-water", cut(0)) }, "remove it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := copyOf(t, whole)
			if err := writeSmall(filepath.Join(dir, highWaterFile), highWaterMagic, make([]byte, 9)); err != nil {
				t.Fatal(err)
			}
			c.damage(t, dir)
			before, _ := filepath.Glob(dir + "/badger/*.sst")
			for range 2 {
				_, err := Open(dir, testOptions(t))
				wantErr(t, err, ErrDamaged)
				if !strings.Contains(err.Error(), c.advice) {
					t.Errorf("no %q in the advice: %v", c.advice, err)
				}
			}
			after, _ := filepath.Glob(dir + "/badger/*.sst")
			if len(before) != len(after) {
				t.Errorf("tables before %v, after %v", before, after)
			}
		})
	}
}

func TestListIsPutBack(t *testing.T) {
	dir := filled(t, 50)
	remove(t, dir+"/badger/MANIFEST")
	_, err := Open(dir, testOptions(t))
	wantErr(t, err, ErrDamaged)
	data, err := os.ReadFile(filepath.Join(dir, manifestCopy))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/badger/MANIFEST", data, 0o600); err != nil {
		t.Fatal(err)
	}
	if n := numbered(t, mustOpen(t, dir, testOptions(t))); n != 50 {
		t.Errorf("%d of 50 commits", n)
	}
}

// TestFlippedBits flips one bit at a time in the files of a closed store. Each
// time Open fails with ErrDamaged, or everything is there.
func TestFlippedBits(t *testing.T) {
	whole := filled(t, 50)
	for _, c := range []struct {
		pattern string
		step    int
	}{
		{"badger/MANIFEST", 1},
		{"badger/*.sst", 37},
		{"manifest-copy", 3},
		{"marker", 3},
		{"badger/KEYREGISTRY", 3},
		{"badger/*.vlog", 3},
	} {
		t.Run(filepath.Base(c.pattern), func(t *testing.T) {
			name, err := filepath.Rel(whole, one(t, whole, c.pattern))
			if err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(filepath.Join(whole, name))
			if err != nil {
				t.Fatal(err)
			}
			for at := 0; at < int(info.Size()); at += c.step {
				dir := copyOf(t, whole)
				edit(t, filepath.Join(dir, name), flip(at))
				s, err := Open(dir, testOptions(t))
				if errors.Is(err, ErrDamaged) {
					continue
				}
				if err != nil {
					t.Fatalf("byte %d: %v", at, err)
				}
				if n := numbered(t, s); n != 50 {
					t.Errorf("byte %d: %d of 50 commits", at, n)
				}
				mustClose(t, s)
			}
		})
	}
}

// TestTableCheck flips every byte of a table, and cuts it at every length.
func TestTableCheck(t *testing.T) {
	whole := filled(t, 8)
	list, err := checkManifest(whole)
	if err != nil {
		t.Fatal(err)
	}
	path := one(t, whole, "badger/*.sst")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	check := func(b []byte) error {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return verifyTables(filepath.Dir(path), list, true)
	}
	if err := check(data); err != nil {
		t.Fatal(err)
	}
	for at := range data {
		if err := check(data[:at]); err == nil {
			t.Errorf("cut off at %d of %d: no error", at, len(data))
		}
	}
	harmless := 0
	for at := range data {
		data[at] ^= 0x10
		if err := check(data); err == nil {
			// The packed block may say the same in other words.
			harmless++
			s := mustOpen(t, copyOf(t, whole), testOptions(t))
			if n := numbered(t, s); n != 8 {
				t.Errorf("byte %d of %d: no error, %d of 8 commits", at, len(data), n)
			}
		}
		data[at] ^= 0x10
	}
	if harmless > 20 {
		t.Errorf("%d of %d alterations were harmless", harmless, len(data))
	}
}

// TestAlteredValue puts values into Badger that are not what the store wrote.
func TestAlteredValue(t *testing.T) {
	s := mustOpen(t, t.TempDir(), testOptions(t))
	good := seal(nil, []byte("k"), []byte("value"))
	for name, stored := range map[string][]byte{
		"bit flipped":      append([]byte{good[0] ^ 1}, good[1:]...),
		"of another key":   seal(nil, []byte("l"), []byte("value")),
		"cut off":          good[:len(good)-1],
		"without checksum": {},
	} {
		t.Run(name, func(t *testing.T) {
			txn := s.db.NewTransaction(true)
			defer txn.Discard()
			if err := txn.Set([]byte("k"), stored); err != nil {
				t.Fatal(err)
			}
			if err := txn.Commit(); err != nil {
				t.Fatal(err)
			}
			err := s.View(func(snap Snapshot) error {
				_, err := snap.Get([]byte("k"))
				wantErr(t, err, ErrDamaged)
				return snap.Scan(nil, nil, true, func(k, v []byte) bool { return true })
			})
			wantErr(t, err, ErrDamaged)
		})
	}
}

func TestOldDatabaseUnderNewHighWater(t *testing.T) {
	dir := filled(t, 20)
	old := copyOf(t, dir)
	s := mustOpen(t, dir, testOptions(t))
	commitNumbered(t, s, 20, 40)
	if err := s.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := s.SetHighWater([]byte("forty")); err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)

	remove(t, dir+"/badger")
	if err := os.Rename(old+"/badger", dir+"/badger"); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir, testOptions(t))
	wantErr(t, err, ErrDamaged)
}

func TestUnknownFormat(t *testing.T) {
	for name, stamp := range map[string]Write{
		"version":  {formatKey, binary.BigEndian.AppendUint16(nil, formatVersion+1)},
		"no stamp": {formatKey, nil},
		"length":   {formatKey, []byte{0}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := mustOpen(t, dir, testOptions(t))
			if err := s.commit(s.seal([]Write{stamp})); err != nil {
				t.Fatal(err)
			}
			mustClose(t, s)
			_, err := Open(dir, testOptions(t))
			wantErr(t, err, ErrFormat)
		})
	}
}
