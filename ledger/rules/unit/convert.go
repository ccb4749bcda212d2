package unit

import "math/big"

// Comparable reports whether two units measure the same: OM2 has them of one
// dimension, or they are the same text. That they are comparable does not say that
// a factor is known; see Convertible.
func Comparable(a, b string) bool {
	if a == b {
		return true
	}
	r, s := rowOf(a), rowOf(b)
	return r != nil && s != nil && r.dimension == s.dimension
}

// Convertible reports whether Convert has an exact factor for two units.
func Convertible(a, b string) bool {
	if a == b {
		return true
	}
	r, s := rowOf(a), rowOf(b)
	return r != nil && s != nil && r.basis == s.basis
}

// Convert returns a quantity of one unit in another, exactly. A unit is converted
// into itself whether it is known or not. Otherwise the error is an *UnknownError,
// a *DimensionError if the two do not measure the same, or a *FactorError if they
// do and no exact factor is known. The quantity is not changed.
func Convert(quantity *big.Rat, from, to string) (*big.Rat, error) {
	if from == to {
		return new(big.Rat).Set(quantity), nil
	}
	f, err := Factor(from, to)
	if err != nil {
		return nil, err
	}
	return f.Mul(f, quantity), nil
}

// Factor returns how many of one unit are one of another: 60 from hour to
// minute-Time. Errors are those of Convert.
func Factor(from, to string) (*big.Rat, error) {
	r, s := rowOf(from), rowOf(to)
	switch {
	case from == to:
		return big.NewRat(1, 1), nil
	case r == nil:
		return nil, &UnknownError{Text: from}
	case s == nil:
		return nil, &UnknownError{Text: to}
	case r.dimension != s.dimension:
		return nil, &DimensionError{From: from, To: to}
	case r.basis != s.basis:
		of := bases[r.basis]
		if of.why == Exact {
			of = bases[s.basis]
		}
		return nil, &FactorError{From: from, To: to, Of: of.first, Why: of.why}
	}
	f, g := &factors[r.factor], &factors[s.factor]
	num := product(f.num, g.den)
	den := product(f.den, g.num)
	scale(num, den, 10, int(f.tens)-int(g.tens))
	scale(num, den, 2, int(f.twos)-int(g.twos))
	return new(big.Rat).SetFrac(num, den), nil
}

func product(a, b uint64) *big.Int {
	x := new(big.Int).SetUint64(a)
	return x.Mul(x, new(big.Int).SetUint64(b))
}

// scale multiplies a fraction by a power.
func scale(num, den *big.Int, base int64, power int) {
	if power == 0 {
		return
	}
	p := new(big.Int).Exp(big.NewInt(base), big.NewInt(int64(max(power, -power))), nil)
	if power > 0 {
		num.Mul(num, p)
	} else {
		den.Mul(den, p)
	}
}
