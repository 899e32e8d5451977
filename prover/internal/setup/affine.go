package setup

// field is what the curve arithmetic needs of a coordinate: fp.Element for G1, bn254.E2 for G2.
type field[T any] interface {
	*T
	Add(x, y *T) *T
	Sub(x, y *T) *T
	Mul(x, y *T) *T
	Square(x *T) *T
	Double(x *T) *T
	Inverse(x *T) *T
	IsZero() bool
	Equal(x *T) bool
	SetOne() *T
}

// affine is a point of y² = x³ + b in the memory layout of gnark-crypto's affine points; infinity is (0, 0), which is on neither curve.
type affine[T any] struct{ x, y T }

// adder adds pairs of points with one inversion for all (Montgomery's trick): 6 products an addition.
type adder[T any, P field[T]] struct {
	numerators, denominators, prefixes []T
	// live holds the positions of the pairs that need a division.
	live []int
}

func newAdder[T any, P field[T]](capacity int) *adder[T, P] {
	return &adder[T, P]{
		numerators:   make([]T, capacity),
		denominators: make([]T, capacity),
		prefixes:     make([]T, capacity),
		live:         make([]int, 0, capacity),
	}
}

// addAll sets sums[i] += terms(i) for all i; terms gives nil for nothing to add. At most as many sums as the adder's capacity.
func (a *adder[T, P]) addAll(sums []affine[T], terms func(i int) *affine[T]) {
	a.live = a.live[:0]
	var product T
	P(&product).SetOne()
	for i := range sums {
		term := terms(i)
		if term == nil || a.isInfinity(term) {
			continue
		}
		sum := &sums[i]
		if a.isInfinity(sum) {
			*sum = *term
			continue
		}
		if !a.slope(sum, term, len(a.live)) {
			*sum = affine[T]{} // opposite points
			continue
		}
		n := len(a.live)
		a.prefixes[n] = product
		P(&product).Mul(&product, &a.denominators[n])
		a.live = append(a.live, i)
	}
	if len(a.live) == 0 {
		return
	}
	var rest T
	P(&rest).Inverse(&product)
	for n := len(a.live) - 1; n >= 0; n-- {
		var lambda T
		P(&lambda).Mul(&rest, &a.prefixes[n])
		P(&rest).Mul(&rest, &a.denominators[n])
		P(&lambda).Mul(&lambda, &a.numerators[n])
		i := a.live[n]
		a.apply(&sums[i], terms(i), &lambda)
	}
}

// slope stores the chord's or tangent's slope as a fraction at position n; false when the sum is infinity. Neither point is.
func (a *adder[T, P]) slope(p, q *affine[T], n int) bool {
	P(&a.denominators[n]).Sub(&q.x, &p.x)
	if !P(&a.denominators[n]).IsZero() {
		P(&a.numerators[n]).Sub(&q.y, &p.y)
		return true
	}
	if !P(&p.y).Equal(&q.y) {
		return false
	}
	// 3x² / 2y; neither curve has a point with y = 0.
	var square T
	P(&square).Square(&p.x)
	P(&a.numerators[n]).Double(&square)
	P(&a.numerators[n]).Add(&a.numerators[n], &square)
	P(&a.denominators[n]).Double(&p.y)
	return true
}

// apply sets p to p + q, given the slope of the line through both.
func (a *adder[T, P]) apply(p, q *affine[T], lambda *T) {
	var x, y T
	P(&x).Square(lambda)
	P(&x).Sub(&x, &p.x)
	P(&x).Sub(&x, &q.x)
	P(&y).Sub(&p.x, &x)
	P(&y).Mul(&y, lambda)
	P(&p.y).Sub(&y, &p.y)
	p.x = x
}

func (a *adder[T, P]) isInfinity(p *affine[T]) bool {
	return P(&p.x).IsZero() && P(&p.y).IsZero()
}
