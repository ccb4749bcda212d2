package store

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Rest gives back the memory that the mapped files of the database hold, for a
// time when nobody reads or writes. What is needed again is read again: nothing
// is lost or closed. It may run beside everything else.
func (s *Store) Rest() error {
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return fmt.Errorf("memory of the database: %w", err)
	}
	defer maps.Close()
	dir, err := filepath.Abs(filepath.Join(s.dir, badgerFolder))
	if err != nil {
		return fmt.Errorf("memory of the database: %w", err)
	}
	lines := bufio.NewScanner(maps)
	for lines.Scan() {
		_, file, _ := strings.Cut(lines.Text(), "/")
		if file = "/" + file; filepath.Dir(file) != dir {
			continue
		}
		var from, to uintptr
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); err != nil {
			return fmt.Errorf("memory of the database: %w", err)
		}
		// The range may be another one by now, even memory of this process: the
		// advice never changes what is in it.
		_, _, failed := unix.Syscall(unix.SYS_MADVISE, from, to-from, unix.MADV_PAGEOUT)
		if failed != 0 && !errors.Is(failed, unix.ENOMEM) && !errors.Is(failed, unix.EINVAL) {
			return fmt.Errorf("memory of the database: %w", failed)
		}
	}
	return lines.Err()
}
