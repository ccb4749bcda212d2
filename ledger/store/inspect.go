package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/table"
)

// asideFolder takes tables that Badger would delete, and logs whose end it would
// cut off, until the store was closed in good order once.
const asideFolder = "aside"

// Badger's other files.
const (
	lockName     = "LOCK"
	registryName = "KEYREGISTRY"
	discardName  = "DISCARD"
)

// inspect looks at the files before Badger does: Badger would create an empty
// database in the place of a lost one, delete tables that a damaged list does
// not name, and end the process on some damage. It reports whether there is no
// database yet. The caller holds the lock.
func inspect(dir string, o Options) (fresh bool, err error) {
	in := inspection{dir: dir, path: filepath.Join(dir, badgerFolder), o: o, tables: map[uint64]bool{}}
	if err := in.list(); err != nil {
		return false, err
	}
	if !in.used {
		return true, in.checkNew()
	}
	if !exists(filepath.Join(in.path, badger.ManifestFilename)) {
		return false, fmt.Errorf("%w: the list of tables MANIFEST is missing in %s. %s",
			ErrDamaged, in.path, adviceManifest(dir))
	}
	list, err := checkManifest(dir)
	if err != nil {
		return false, err
	}
	for id := range list.Tables {
		if !in.tables[id] {
			return false, fmt.Errorf("%w: the table %s is missing. %s",
				ErrDamaged, table.NewFilename(id, in.path), adviceAway(dir))
		}
	}
	if err := errors.Join(in.checkRegistry(), in.checkLogs()); err != nil {
		return false, err
	}
	if err := verifyTables(in.path, list, o.VerifyOnOpen); err != nil {
		return false, fmt.Errorf("%w. %s", err, adviceAway(dir))
	}
	return false, in.setAside(list)
}

type inspection struct {
	dir, path string
	o         Options
	used      bool // there are files of a database
	tables    map[uint64]bool
	logs      []uint64
	vlogs     []string
}

// list reads which files there are. Empty logs, which a crash leaves behind and
// Badger cannot open, are removed, and so is DISCARD, which says only what the
// value log may throw away.
func (in *inspection) list() error {
	files, err := os.ReadDir(in.path)
	if err != nil {
		return err
	}
	for _, f := range files {
		name := f.Name()
		ext := filepath.Ext(name)
		if name != lockName {
			in.used = true
		}
		if ext != ".sst" && ext != ".mem" && ext != ".vlog" {
			continue
		}
		id, err := strconv.ParseUint(strings.TrimSuffix(name, ext), 10, 32)
		if err != nil {
			return fmt.Errorf("%w: %s has a file %s that is none of Badger's; take it away",
				ErrDamaged, in.path, name)
		}
		info, err := f.Info()
		if err != nil {
			return err
		}
		switch {
		case ext == ".sst":
			in.tables[id] = true
		case info.Size() == 0:
			if err := os.Remove(filepath.Join(in.path, name)); err != nil {
				return err
			}
		case ext == ".mem":
			in.logs = append(in.logs, id)
		default:
			in.vlogs = append(in.vlogs, name)
		}
	}
	err = os.Remove(filepath.Join(in.path, discardName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// checkNew refuses to make a database where there was one.
func (in *inspection) checkNew() error {
	for _, name := range []string{highWaterFile, markerFile, manifestCopy} {
		if exists(filepath.Join(in.dir, name)) {
			return fmt.Errorf("%w: the database in %s is gone, but %s shows that there was one. %s",
				ErrDamaged, in.path, filepath.Join(in.dir, name), adviceAway(in.dir))
		}
	}
	return nil
}

// registryText is what KEYREGISTRY holds, after 16 random bytes, when nothing is
// encrypted.
const registryText = "Hello Badger"

// checkRegistry checks a file in which Badger would look for encryption keys.
func (in *inspection) checkRegistry() error {
	path := filepath.Join(in.path, registryName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // Badger makes a new one
	}
	if err != nil {
		return err
	}
	if len(data) == 16+len(registryText) && string(data[16:]) == registryText {
		return nil
	}
	return fmt.Errorf("%w: %s is altered. It holds nothing that is needed: remove it and start again. "+
		"But a disk that alters files may have altered others", ErrDamaged, path)
}

// setAside moves tables that are not on the list out of Badger's sight, instead
// of letting Badger delete them. A crash leaves a few; many mean a damaged list.
func (in *inspection) setAside(list badger.Manifest) error {
	for id := range in.tables {
		if _, ok := list.Tables[id]; ok {
			continue
		}
		if err := in.moveAside(table.IDToFilename(id)); err != nil {
			return err
		}
		in.o.Logger.Warn("set a table aside that is not on the list of tables", "table", id,
			"folder", filepath.Join(in.dir, asideFolder))
	}
	return nil
}

func (in *inspection) moveAside(name string) error {
	aside := filepath.Join(in.dir, asideFolder)
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return err
	}
	return os.Rename(filepath.Join(in.path, name), filepath.Join(aside, name))
}

// dropAside removes what was set aside.
func dropAside(dir string) error { return os.RemoveAll(filepath.Join(dir, asideFolder)) }
