package protocol

import (
	"cmp"
	"encoding/binary"
	"math"
	"unicode/utf8"
)

// The major types of CBOR (RFC 8949 §3.1).
const (
	majorUint  = 0
	majorNint  = 1
	majorBytes = 2
	majorText  = 3
	majorList  = 4
	majorMap   = 5
	majorTag   = 6
	majorOther = 7
)

// The only simple values of the data model, as whole items.
const (
	simpleFalse = majorOther<<5 | 20
	simpleTrue  = majorOther<<5 | 21
	simpleNull  = majorOther<<5 | 22
)

// MaxDepth bounds the nesting of lists and maps in a block.
const MaxDepth = 16

// linkTag marks a byte string as a link.
const linkTag = 42

// linkSize is the length in bytes of a whole link.
const linkSize = 5 + CIDSize

// appendHead appends the head of an item in its shortest form.
func appendHead(dst []byte, major byte, n uint64) []byte {
	m := major << 5
	switch {
	case n < 24:
		return append(dst, m|byte(n))
	case n <= math.MaxUint8:
		return append(dst, m|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(dst, m|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(dst, m|26), uint32(n))
	default:
		return binary.BigEndian.AppendUint64(append(dst, m|27), n)
	}
}

func appendInt(dst []byte, n int64) []byte {
	if n < 0 {
		return appendHead(dst, majorNint, uint64(-(n + 1)))
	}
	return appendHead(dst, majorUint, uint64(n))
}

func appendBytes(dst, b []byte) []byte {
	return append(appendHead(dst, majorBytes, uint64(len(b))), b...)
}

func appendText(dst []byte, s string) []byte {
	return append(appendHead(dst, majorText, uint64(len(s))), s...)
}

func appendLink(dst []byte, id EntryID) []byte {
	return append(append(dst, linkPrefix...), id[:]...)
}

// shareText is the size in bytes up to which all texts of a block share one
// copy of it. Above, each text has its own, so that a short one does not keep a
// large block alive.
const shareText = 1024

// reader is a strict cursor over one block. It refuses whatever the canonical
// form does not allow, at the offset where it shows. What it returns does not
// share memory with the block, unless it says so.
type reader struct {
	b    []byte
	pos  int
	text string // the bytes of b, once a text was read from a small block
}

// str copies a part of the block as text.
func (r *reader) str(lo, hi int) string {
	if len(r.b) > shareText {
		return string(r.b[lo:hi])
	}
	if r.text == "" {
		r.text = string(r.b)
	}
	return r.text[lo:hi]
}

// end refuses bytes after the item that was read.
func (r *reader) end() error {
	if r.pos != len(r.b) {
		return fault(r.pos, FaultTrailing, "")
	}
	return nil
}

// head reads the head of an item: its major type and its argument.
func (r *reader) head() (major byte, n uint64, err error) {
	start := r.pos
	if start >= len(r.b) {
		return 0, 0, fault(start, FaultTruncated, "")
	}
	first := r.b[start]
	major, info := first>>5, first&31
	r.pos++
	if major == majorOther {
		return r.simple(start, info)
	}
	if info < 24 {
		return major, uint64(info), nil
	}
	if info > 27 {
		if info == 31 {
			return 0, 0, fault(start, FaultIndefinite, "")
		}
		return 0, 0, fault(start, FaultNotMinimal, "reserved length")
	}
	size := 1 << (info - 24)
	if len(r.b)-r.pos < size {
		return 0, 0, fault(start, FaultTruncated, "")
	}
	b := r.b[r.pos : r.pos+size]
	r.pos += size
	var least uint64
	switch info {
	case 24:
		n, least = uint64(b[0]), 24
	case 25:
		n, least = uint64(binary.BigEndian.Uint16(b)), 1<<8
	case 26:
		n, least = uint64(binary.BigEndian.Uint32(b)), 1<<16
	case 27:
		n, least = binary.BigEndian.Uint64(b), 1<<32
	}
	if n < least {
		return 0, 0, fault(start, FaultNotMinimal, "")
	}
	return major, n, nil
}

func (r *reader) simple(start int, info byte) (byte, uint64, error) {
	switch info {
	case 20, 21, 22:
		return majorOther, uint64(info), nil
	case 25, 26, 27:
		return 0, 0, fault(start, FaultFloat, "")
	case 31:
		return 0, 0, fault(start, FaultIndefinite, "")
	}
	return 0, 0, fault(start, FaultSimple, "")
}

// expect reads the head of an item that must have the given major type.
func (r *reader) expect(want byte) (uint64, error) {
	start := r.pos
	major, n, err := r.head()
	if err != nil {
		return 0, err
	}
	if major != want {
		return 0, fault(start, FaultType, "")
	}
	return n, nil
}

func (r *reader) readInt() (int64, error) {
	start := r.pos
	major, n, err := r.head()
	if err != nil {
		return 0, err
	}
	if major != majorUint && major != majorNint {
		return 0, fault(start, FaultType, "want an integer")
	}
	return toInt(start, major, n)
}

func toInt(start int, major byte, n uint64) (int64, error) {
	if n > math.MaxInt64 {
		return 0, fault(start, FaultInteger, "")
	}
	if major == majorNint {
		return -1 - int64(n), nil
	}
	return int64(n), nil
}

// unbounded is the limit of a string that only the end of the block limits.
const unbounded = math.MaxInt

// span reads the payload of a byte or text string.
func (r *reader) span(start int, n uint64, max int) (lo, hi int, err error) {
	if uint64(len(r.b)-r.pos) < n {
		return 0, 0, fault(start, FaultTruncated, "")
	}
	if n > uint64(max) {
		return 0, 0, fault(start, FaultTooLarge, "%d bytes where %d are allowed", n, max)
	}
	lo = r.pos
	r.pos += int(n)
	return lo, r.pos, nil
}

// readBytes reads a byte string. It shares the memory of the block.
func (r *reader) readBytes(max int) ([]byte, error) {
	start := r.pos
	n, err := r.expect(majorBytes)
	if err != nil {
		return nil, err
	}
	lo, hi, err := r.span(start, n, max)
	if err != nil {
		return nil, err
	}
	return r.b[lo:hi:hi], nil
}

func (r *reader) readText(max int) (string, error) {
	start := r.pos
	n, err := r.expect(majorText)
	if err != nil {
		return "", err
	}
	return r.textSpan(start, n, max)
}

func (r *reader) textSpan(start int, n uint64, max int) (string, error) {
	lo, hi, err := r.span(start, n, max)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(r.b[lo:hi]) {
		return "", fault(start, FaultUTF8, "")
	}
	return r.str(lo, hi), nil
}

// name passes over the given map key if it comes next in its canonical form.
// The key must be shorter than 24 bytes.
func (r *reader) name(name string) bool {
	end := r.pos + 1 + len(name)
	if end > len(r.b) || r.b[r.pos] != majorText<<5|byte(len(name)) || string(r.b[r.pos+1:end]) != name {
		return false
	}
	r.pos = end
	return true
}

// linkPrefix is what every link begins with: tag 42, a byte string of 37 bytes,
// the multibase identity prefix, and the prefix of a CID.
const linkPrefix = "\xd8\x2a\x58\x25\x00" + cidPrefix

func (r *reader) readLink() (EntryID, error) {
	start := r.pos
	if rest := r.b[start:]; len(rest) >= linkSize && string(rest[:len(linkPrefix)]) == linkPrefix {
		id := EntryID(rest[len(linkPrefix):linkSize])
		if r.pos += linkSize; id.IsZero() {
			return EntryID{}, fault(start, FaultLink, "the zero identifier")
		}
		return id, nil
	}
	n, err := r.expect(majorTag)
	if err != nil {
		return EntryID{}, err
	}
	return r.linkBody(start, n)
}

// linkBody reads what follows the head of a tag at start.
func (r *reader) linkBody(start int, tag uint64) (EntryID, error) {
	if tag != linkTag {
		return EntryID{}, fault(start, FaultTag, "tag %d", tag)
	}
	major, n, err := r.head()
	if err != nil {
		return EntryID{}, err
	}
	if major != majorBytes || n != 1+CIDSize {
		return EntryID{}, fault(start, FaultLink, "")
	}
	lo, hi, err := r.span(start, n, 1+CIDSize)
	if err != nil {
		return EntryID{}, err
	}
	if r.b[lo] != 0 {
		return EntryID{}, fault(start, FaultLink, "")
	}
	id, err := IDFromBytes(r.b[lo+1 : hi])
	if err != nil {
		return EntryID{}, fault(start, FaultLink, "")
	}
	return id, nil
}

// containerHead reads the head of a list or map of at most max items or pairs.
// Each takes at least size bytes, so that no head can claim more than follows.
func (r *reader) containerHead(major byte, max, size int) (int, error) {
	start := r.pos
	n, err := r.expect(major)
	if err != nil {
		return 0, err
	}
	if n > uint64((len(r.b)-r.pos)/size) {
		return 0, fault(start, FaultTruncated, "")
	}
	if n > uint64(max) {
		return 0, fault(start, FaultTooLarge, "%d items where %d are allowed", n, max)
	}
	return int(n), nil
}

// key reads a map key that must sort after the one before it; first says that
// there is none before it.
func (r *reader) key(previous string, first bool) (string, error) {
	start := r.pos
	major, n, err := r.head()
	if err != nil {
		return "", err
	}
	if major != majorText {
		return "", fault(start, FaultKey, "")
	}
	key, err := r.textSpan(start, n, unbounded)
	if err != nil {
		return "", err
	}
	if first || keyLess(previous, key) {
		return key, nil
	}
	if key == previous {
		return "", fault(start, FaultDuplicate, "%q", key)
	}
	return "", fault(start, FaultOrder, "%q after %q", key, previous)
}

// compareKeys is the order of map keys in DAG-CBOR: shorter first, then
// bytewise.
func compareKeys(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func keyLess(a, b string) bool { return compareKeys(a, b) < 0 }
