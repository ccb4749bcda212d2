package share

import (
	"fmt"
	"math/big"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// exact returns an amount as a fraction.
func exact(a protocol.Amount) *big.Rat { return rules.TotalOf(a).Rat() }

// one is the whole of something. It is never changed.
var one = big.NewRat(1, 1)

func add(sum, x *big.Rat) *big.Rat {
	switch {
	case sum == nil:
		return x
	case x == nil:
		return sum
	}
	return new(big.Rat).Add(sum, x)
}

func times(x, y *big.Rat) *big.Rat {
	switch {
	case x == one:
		return y
	case y == one:
		return x
	}
	return new(big.Rat).Mul(x, y)
}

func less(x, y *big.Rat) *big.Rat {
	if y == nil {
		return x
	}
	return new(big.Rat).Sub(x, y)
}

// sign is that of a fraction that may be absent.
func sign(x *big.Rat) int {
	if x == nil {
		return 0
	}
	return x.Sign()
}

// towards returns x, or nil if it is zero or its sign is not the given one.
func towards(sign int, x *big.Rat) *big.Rat {
	if x.Sign() == 0 || x.Sign() != sign {
		return nil
	}
	return x
}

// sumOf adds fractions in pairs: then few sums have long denominators.
func sumOf(all []*big.Rat) *big.Rat {
	switch len(all) {
	case 0:
		return new(big.Rat)
	case 1:
		return all[0]
	}
	half := len(all) / 2
	return new(big.Rat).Add(sumOf(all[:half]), sumOf(all[half:]))
}

// unitsOf returns an amount in the smallest unit of a currency.
func unitsOf(a protocol.Amount, scale int) (int64, error) {
	if scale < 0 || scale > protocol.MaxScale {
		return 0, fmt.Errorf("a currency has 0 to %d decimal places, not %d", protocol.MaxScale, scale)
	}
	r := exact(a)
	r.Mul(r, pow10(scale))
	switch {
	case !r.IsInt():
		return 0, fmt.Errorf("the amount %v has more than the %d decimal places of the currency", a, scale)
	case r.Num().CmpAbs(big.NewInt(protocol.MaxMantissa)) > 0:
		return 0, fmt.Errorf("the amount %v has more than 15 digits with the %d decimal places of the currency", a, scale)
	}
	return r.Num().Int64(), nil
}

func pow10(n int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))
}

func cmpAbs(x, y *big.Rat) int { return new(big.Rat).Abs(x).Cmp(new(big.Rat).Abs(y)) }
