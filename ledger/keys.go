package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// The first byte of a key says what it is; store/FORMAT.md has the tables. The
// values are stored and never re-used.
const (
	keyMeta     = 'm' // counters and identity of this database
	keyCommons  = 'c' // commons no
	keySum      = 'd' // commons no: accumulator of the state digest
	keyLogNo    = 'l' // log id: log no
	keyLog      = 'h' // log no: heads of the log
	keyMember   = 'k' // commons no, log no: admission order
	keyBlock    = 'e' // log no, seq: the block
	keyGroup    = 'E' // log no, seq / 16: sixteen blocks
	keyIndex    = 'i' // level, run, page: places by digest, see package places
	keySig      = 'g' // log no, seq: signatures on that entry
	keyRun      = 'j' // position: run of arrival
	keyState    = 's' // commons no, table, key: state
	keyPosting  = 'x' // commons no, 16 bytes of an identifier, position: entries that name it
	keyWait     = 'w' // commons no, charter seq, log no
	keyUnvoted  = 'u' // commons no, log no: a witness has yet to endorse
	keySettling = 'W' // commons no, log id, seq, log no: it waits until that is settled
	keyLate     = 'v' // commons no, charter seq, log no, seq: votes of a later charter
	keyLateSet  = 'V' // commons no, entry id, log no, seq: a close of a set not held
	keyOnce     = 'o' // digest of token and key: answer given
	keyBookmark = 'b' // name: cursor
	keyLoose    = 'f' // commons no, agent: its folio is behind
	keyDoubt    = 'q' // commons no: what the node does not know of its own logs
)

const (
	seqBytes   = 5 // 2^40 entries in one log
	posBytes   = 8
	postPrefix = 16
	placeBytes = 4 + seqBytes
)

// logNo and commonsNo number what a database holds, in order of admission.
type (
	logNo     uint32
	commonsNo uint16
)

func key(kind byte, parts ...[]byte) []byte {
	k := append(make([]byte, 0, 48), kind)
	for _, p := range parts {
		k = append(k, p...)
	}
	return k
}

func (n logNo) bytes() []byte     { return binary.BigEndian.AppendUint32(nil, uint32(n)) }
func (n commonsNo) bytes() []byte { return binary.BigEndian.AppendUint16(nil, uint16(n)) }

func u64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func appendPlace(dst []byte, no logNo, seq int64) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(no))
	return append(dst, byte(seq>>32), byte(seq>>24), byte(seq>>16), byte(seq>>8), byte(seq))
}

func placeFrom(b []byte) (logNo, int64, error) {
	if len(b) < 4+seqBytes {
		return 0, 0, fmt.Errorf("%w: a key of %d bytes", ErrDamaged, len(b))
	}
	seq := int64(b[4])<<32 | int64(b[5])<<24 | int64(b[6])<<16 | int64(b[7])<<8 | int64(b[8])
	return logNo(binary.BigEndian.Uint32(b)), seq, nil
}

func blockKey(no logNo, seq int64) []byte {
	return appendPlace(append(make([]byte, 0, 1+4+seqBytes), keyBlock), no, seq)
}

// sourceDigest is what the entries are found by that carry an identifier of the
// system that they came from.
func sourceDigest(no commonsNo, source string) []byte {
	sum := sha256.Sum256(append(append([]byte("source"), no.bytes()...), source...))
	return sum[:]
}

func sigKey(no logNo, seq int64) []byte {
	return appendPlace(append(make([]byte, 0, 1+4+seqBytes), keySig), no, seq)
}

func stateKey(no commonsNo, t rules.Table, row []byte) []byte {
	return appendStateKey(make([]byte, 0, 4+len(row)), no, t, row)
}

func appendStateKey(k []byte, no commonsNo, t rules.Table, row []byte) []byte {
	k = binary.BigEndian.AppendUint16(append(k, keyState), uint16(no))
	return append(append(k, byte(t)), row...)
}

func postingKey(no commonsNo, id protocol.EntryID, position uint64) []byte {
	return key(keyPosting, no.bytes(), id[:postPrefix], u64(position))
}

func logNoFrom(b []byte) (logNo, error) {
	if len(b) != 4 {
		return 0, fmt.Errorf("%w: the number of a log has %d bytes", ErrDamaged, len(b))
	}
	return logNo(binary.BigEndian.Uint32(b)), nil
}

func seqFrom(b []byte) int64 {
	if len(b) != 8 {
		return -1
	}
	return int64(binary.BigEndian.Uint64(b))
}

func idFrom(b []byte) (id protocol.EntryID) {
	copy(id[:], b)
	return id
}
