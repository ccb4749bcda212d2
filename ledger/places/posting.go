package places

import (
	"cmp"
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// DigestSize is how many bytes of a digest the index keeps.
const DigestSize = 10

// Place is where something stands: the number of a log and a seq.
type Place struct {
	No  uint32
	Seq int64
}

// posting is one line of the index.
type posting struct {
	digest
	no  uint32
	seq int64
}

// digest is the first bytes of one, as numbers that are in the same order.
type digest struct {
	head uint64
	tail uint16
}

func digestFrom(b []byte) digest {
	return digest{binary.BigEndian.Uint64(b), binary.BigEndian.Uint16(b[8:])}
}

func (d digest) compare(e digest) int {
	if d.head != e.head {
		return cmp.Compare(d.head, e.head)
	}
	return cmp.Compare(d.tail, e.tail)
}

func (p posting) compare(q posting) int {
	if c := p.digest.compare(q.digest); c != 0 {
		return c
	}
	if p.no != q.no {
		return cmp.Compare(p.no, q.no)
	}
	return cmp.Compare(p.seq, q.seq)
}

// List gathers what one commit adds to the index. The zero value is empty.
type List struct{ all []posting }

// Add notes that what has a digest, of at least DigestSize bytes, stands at a
// place.
func (l *List) Add(of []byte, at Place) {
	l.all = append(l.all, posting{digestFrom(of), at.No, at.Seq})
}

// Grow makes room for n more.
func (l *List) Grow(n int) { l.all = slices.Grow(l.all, n) }

// Len returns how many there are.
func (l *List) Len() int { return len(l.all) }

// MaxPosting is the most bytes that a posting takes in a row.
const MaxPosting = DigestSize + binary.MaxVarintLen32 + 6

func appendPage(dst []byte, page []posting) []byte {
	for _, p := range page {
		dst = binary.BigEndian.AppendUint64(dst, p.head)
		dst = binary.BigEndian.AppendUint16(dst, p.tail)
		dst = binary.AppendUvarint(dst, uint64(p.no))
		dst = binary.AppendUvarint(dst, uint64(p.seq))
	}
	return dst
}

var errPage = errors.New("a page of the index is cut off")

// nextPosting reads the first posting of a page and returns the rest.
func nextPosting(b []byte) (p posting, rest []byte, err error) {
	if len(b) < DigestSize {
		return p, nil, errPage
	}
	p.digest = digestFrom(b)
	b = b[DigestSize:]
	no, n := binary.Uvarint(b)
	if n <= 0 || no > math.MaxUint32 {
		return p, nil, errPage
	}
	b = b[n:]
	seq, n := binary.Uvarint(b)
	if n <= 0 || seq > math.MaxInt64 {
		return p, nil, errPage
	}
	p.no, p.seq = uint32(no), int64(seq)
	return p, b[n:], nil
}

func parsePage(b []byte) ([]posting, error) {
	page := make([]posting, 0, pageSize)
	for len(b) > 0 {
		p, rest, err := nextPosting(b)
		if err != nil {
			return nil, err
		}
		page, b = append(page, p), rest
	}
	return page, nil
}

// sorted returns postings in order. Digests are spread evenly, unless somebody
// makes them otherwise, so the first byte parts them well.
func sorted(all []posting) []posting {
	var ends [257]int
	for i := range all {
		ends[all[i].head>>56+1]++
	}
	for i := range 256 {
		ends[i+1] += ends[i]
	}
	parted := make([]posting, len(all))
	next := ends
	for i := range all {
		at := &next[all[i].head>>56]
		parted[*at] = all[i]
		*at++
	}
	for i := range 256 {
		slices.SortFunc(parted[ends[i]:ends[i+1]], posting.compare)
	}
	return parted
}

// merged returns the postings of two lists in order, without copies.
func merged(a, b []posting) []posting {
	all := make([]posting, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		c := a[0].compare(b[0])
		if c <= 0 {
			all, a = append(all, a[0]), a[1:]
		} else {
			all = append(all, b[0])
		}
		if c >= 0 {
			b = b[1:]
		}
	}
	return append(append(all, a...), b...)
}
