package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
)

// manifestCopy is a copy of Badger's MANIFEST, the list of the tables that
// count. Badger deletes every table that is not on the list, so a list that was
// cut short costs the data.
const manifestCopy = "manifest-copy"

// copyManifest replaces the copy, durably.
func copyManifest(dir string) error {
	data, err := os.ReadFile(filepath.Join(dir, badgerFolder, badger.ManifestFilename))
	if err != nil {
		return fmt.Errorf("copy the list of tables: %w", err)
	}
	return replaceFile(filepath.Join(dir, manifestCopy), data)
}

// checkManifest reads the list of tables and compares it with its copy.
func checkManifest(dir string) (badger.Manifest, error) {
	path := filepath.Join(dir, badgerFolder, badger.ManifestFilename)
	list, end, err := replay(path)
	if err != nil {
		return badger.Manifest{}, fmt.Errorf("%w: the list of tables %s is unreadable: %w. %s",
			ErrDamaged, path, err, adviceManifest(dir))
	}
	backup := filepath.Join(dir, manifestCopy)
	_, known, err := replay(backup)
	if errors.Is(err, fs.ErrNotExist) {
		return list, nil
	}
	if err != nil {
		// The copy is of no use; the next one replaces it.
		return list, nil
	}
	cut, err := cutShort(path, end, backup, known)
	if err != nil {
		return badger.Manifest{}, err
	}
	if cut {
		return badger.Manifest{}, fmt.Errorf("%w: the list of tables %s ends too early. %s",
			ErrDamaged, path, adviceManifest(dir))
	}
	return list, nil
}

// cutShort reports whether the first end bytes of a list are only the beginning
// of what the copy has.
func cutShort(path string, end int64, backup string, known int64) (bool, error) {
	if end >= known {
		return false, nil
	}
	now, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	before, err := os.ReadFile(backup)
	if err != nil {
		return false, err
	}
	return bytes.HasPrefix(before, now[:end]), nil
}

// replay reads a list of tables and returns where its last whole record ends.
func replay(path string) (list badger.Manifest, end int64, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	f, err := os.Open(path)
	if err != nil {
		return badger.Manifest{}, 0, err
	}
	defer f.Close()
	return badger.ReplayManifestFile(f, 0, badger.Options{})
}

func adviceManifest(dir string) string {
	backup := filepath.Join(dir, manifestCopy)
	path := filepath.Join(dir, badgerFolder, badger.ManifestFilename)
	if !exists(backup) {
		return adviceAway(dir)
	}
	return fmt.Sprintf("First keep a copy of the whole folder %s. Then either put back the last good list "+
		"(cp %s %s) and start again, or do this: %s", dir, backup, path, adviceAway(dir))
}

func adviceAway(dir string) string {
	return fmt.Sprintf("If files of the folder %s were moved, put them back. Otherwise move the folder away, but keep it. "+
		"If you have a backup of the whole home, put that back and start again: the node fetches from its peers what it lacks, "+
		"also what you wrote since, before it writes. Without a backup start again as it is: the node then holds nothing. "+
		"Join each commons again with a new invitation; your peers send all that they hold, also what you wrote, and you go on "+
		"with a new log", dir)
}
