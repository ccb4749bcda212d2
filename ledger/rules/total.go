package rules

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"strings"

	"github.com/minga-commons/minga/protocol"
)

// TotalSize is the length in bytes of a stored Total.
const TotalSize = 16

// Total is a sum of quantities: a 128-bit two's complement integer in units of
// 10^-9. Sums of up to 10^14 of the largest quantities fit, so that no total
// depends on the order in which it was added up.
type Total struct {
	hi int64
	lo uint64
}

var scales = [protocol.MaxScale + 1]uint64{1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1}

// TotalOf returns an amount as a total, exactly.
func TotalOf(a protocol.Amount) Total {
	n := a.N
	if n < 0 {
		n = -n
	}
	hi, lo := bits.Mul64(uint64(n), scales[a.Scale])
	t := Total{hi: int64(hi), lo: lo}
	if a.N < 0 {
		return t.Neg()
	}
	return t
}

// Add returns t + u.
func (t Total) Add(u Total) Total {
	lo, carry := bits.Add64(t.lo, u.lo, 0)
	hi, _ := bits.Add64(uint64(t.hi), uint64(u.hi), carry)
	return Total{hi: int64(hi), lo: lo}
}

// Neg returns -t.
func (t Total) Neg() Total {
	lo, carry := bits.Add64(^t.lo, 1, 0)
	hi, _ := bits.Add64(^uint64(t.hi), 0, carry)
	return Total{hi: int64(hi), lo: lo}
}

// Sub returns t - u.
func (t Total) Sub(u Total) Total { return t.Add(u.Neg()) }

// Times returns t or -t.
func (t Total) Times(s Sign) Total {
	if s == Undo {
		return t.Neg()
	}
	return t
}

// IsZero reports whether the total is zero.
func (t Total) IsZero() bool { return t == Total{} }

// Append appends the 16 bytes of the total, big-endian two's complement.
func (t Total) Append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(t.hi))
	return binary.BigEndian.AppendUint64(b, t.lo)
}

// TotalFromBytes reads the 16 bytes of a total. Shorter input panics: rows are
// checked where they are read from disk.
func TotalFromBytes(b []byte) Total {
	return Total{hi: int64(binary.BigEndian.Uint64(b)), lo: binary.BigEndian.Uint64(b[8:])}
}

// String returns the total as a decimal number without trailing zeros.
func (t Total) String() string {
	sign := ""
	if t.hi < 0 {
		sign, t = "-", t.Neg()
	}
	n := new(big.Int).SetUint64(uint64(t.hi))
	n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(t.lo))
	digits := n.String()
	if pad := protocol.MaxScale + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	cut := len(digits) - protocol.MaxScale
	places := strings.TrimRight(digits[cut:], "0")
	if places == "" {
		return sign + digits[:cut]
	}
	return sign + digits[:cut] + "." + places
}

// MarshalText returns what String returns.
func (t Total) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Above reports whether t is greater than u.
func (t Total) Above(u Total) bool {
	if t.hi != u.hi {
		return t.hi > u.hi
	}
	return t.lo > u.lo
}

// IsNegative reports whether t is below zero.
func (t Total) IsNegative() bool { return t.hi < 0 }

// Rat returns the total as an exact rational number.
func (t Total) Rat() *big.Rat {
	return new(big.Rat).SetFrac(t.integer(), big.NewInt(int64(scales[0])))
}

// integer returns the total in units of 10^-9.
func (t Total) integer() *big.Int {
	n := new(big.Int).Lsh(big.NewInt(t.hi), 64)
	return n.Add(n, new(big.Int).SetUint64(t.lo))
}

// TotalFromRat returns the total next to a rational number, halves away from
// zero, and whether the two are the same. A number that does not fit gives the
// largest total of its sign.
func TotalFromRat(r *big.Rat) (t Total, exact bool) {
	n, rest := new(big.Int).QuoRem(new(big.Int).Mul(r.Num(), big.NewInt(int64(scales[0]))), r.Denom(), new(big.Int))
	if twice := new(big.Int).Abs(rest); twice.Lsh(twice, 1).Cmp(r.Denom()) >= 0 {
		n.Add(n, big.NewInt(int64(r.Sign())))
	}
	largest := Total{hi: math.MaxInt64, lo: math.MaxUint64}
	if new(big.Int).Abs(n).Cmp(largest.integer()) > 0 {
		if r.Sign() < 0 {
			return largest.Neg(), false
		}
		return largest, false
	}
	hi := new(big.Int).Rsh(n, 64)
	lo := new(big.Int).Sub(n, new(big.Int).Lsh(hi, 64))
	return Total{hi: hi.Int64(), lo: lo.Uint64()}, rest.Sign() == 0
}
