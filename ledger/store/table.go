package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/fb"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/badger/v4/pb"
	"github.com/dgraph-io/badger/v4/table"
	"github.com/dgraph-io/badger/v4/y"
	"github.com/klauspost/compress/snappy"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"
)

// verifyTables checks the tables on the list against their checksums: all blocks,
// or only the index and the last block, which is what Badger reads when it opens
// a table. It reads the files itself: Badger's own check ends the process on
// some damage, and leaves the whole table in memory. A table that is gone is no
// error, since compaction goes on while VerifyChecksum runs.
func verifyTables(path string, list badger.Manifest, all bool) error {
	var g errgroup.Group
	g.SetLimit(min(4, runtime.GOMAXPROCS(0)))
	for id, t := range list.Tables {
		name := table.NewFilename(id, path)
		g.Go(func() error {
			err := verifyTable(name, t.Compression, all)
			if err == nil || errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return fmt.Errorf("table %s: %w", name, err)
		})
	}
	return g.Wait()
}

var errTable = fmt.Errorf("%w: it is cut off or altered", ErrDamaged)

// verifyTable checks one table. It is
//
//	block ... | index | 4 bytes length of it | checksum | 4 bytes length of it
func verifyTable(name string, c options.CompressionType, all bool) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errTable, r)
		}
	}()
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	r := tableReader{f: f, end: info.Size()}
	sum, err := r.tail(64)
	if err != nil {
		return err
	}
	sum = append([]byte(nil), sum...)
	index, err := r.tail(info.Size())
	if err != nil {
		return err
	}
	index = append([]byte(nil), index...)
	if err := checkSum(index, sum); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	root := fb.GetRootAsTableIndex(index, 0)
	first, end := 0, root.OffsetsLength()
	if !all {
		first = max(0, end-1)
	}
	return r.blocks(root, first, c)
}

// tableReader reads a file from its end, and then blocks of it.
type tableReader struct {
	f    *os.File
	end  int64
	buf  []byte
	data []byte // an unpacked block
}

func (r *tableReader) read(from, n int64) ([]byte, error) {
	if from < 0 || n < 0 || from+n > r.end {
		return nil, errTable
	}
	if int64(cap(r.buf)) < n {
		r.buf = make([]byte, n)
	}
	b := r.buf[:n]
	if _, err := r.f.ReadAt(b, from); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errTable
		}
		return nil, err
	}
	return b, nil
}

// tail reads what lies before the end and is followed by its length.
func (r *tableReader) tail(most int64) ([]byte, error) {
	b, err := r.read(r.end-4, 4)
	if err != nil {
		return nil, err
	}
	n := int64(binary.BigEndian.Uint32(b))
	if n > most {
		return nil, errTable
	}
	r.end -= 4
	if b, err = r.read(r.end-n, n); err != nil {
		return nil, err
	}
	r.end -= n
	return b, nil
}

// blocks checks the blocks that the index names, from one on. A block is
//
//	entries | 4 bytes for each | 4 bytes number of them | checksum | 4 bytes length of it
//
// packed as a whole.
func (r *tableReader) blocks(index *fb.TableIndex, from int, c options.CompressionType) error {
	var at fb.BlockOffset
	for i := from; i < index.OffsetsLength(); i++ {
		if !index.Offsets(&at, i) {
			return errTable
		}
		b, err := r.read(int64(at.Offset()), int64(at.Len()))
		if err != nil {
			return err
		}
		if err := r.block(b, c); err != nil {
			return fmt.Errorf("block %d at %d: %w", i, at.Offset(), err)
		}
	}
	return nil
}

func (r *tableReader) block(b []byte, c options.CompressionType) error {
	switch c {
	case options.None:
	case options.Snappy:
		n, err := snappy.DecodedLen(b)
		if err != nil || n > 64*mib {
			return errTable
		}
		if cap(r.data) < n {
			r.data = make([]byte, n)
		}
		if b, err = snappy.Decode(r.data[:n], b); err != nil {
			return fmt.Errorf("%w: %w", errTable, err)
		}
	default:
		return fmt.Errorf("%w: compression %d", ErrFormat, c)
	}
	if len(b) < 4 {
		return errTable
	}
	end := len(b) - 4
	n := int(binary.BigEndian.Uint32(b[end:]))
	if n > end {
		return errTable
	}
	return checkSum(b[:end-n], b[end-n:end])
}

func checkSum(data, encoded []byte) error {
	var sum pb.Checksum
	if err := proto.Unmarshal(encoded, &sum); err != nil {
		return fmt.Errorf("%w: %w", errTable, err)
	}
	if sum.Algo != pb.Checksum_CRC32C && sum.Algo != pb.Checksum_XXHash64 {
		return errTable
	}
	if y.VerifyChecksum(data, &sum) != nil {
		return fmt.Errorf("%w: the checksum is wrong", errTable)
	}
	return nil
}
