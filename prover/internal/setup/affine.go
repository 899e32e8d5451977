package setup

// field is what the curve arithmetic needs of a coordinate: fp.Element for G1, bn254.E2 for G2.
type field[T comparable] interface {
	*T
	Add(x, y *T) *T
	Sub(x, y *T) *T
	Mul(x, y *T) *T
	Square(x *T) *T
	Double(x *T) *T
	Inverse(x *T) *T
	SetOne() *T
}

// affine is a point of y² = x³ + b in the memory layout of gnark-crypto's affine points; infinity is (0, 0), which is on neither curve.
type affine[T comparable] struct{ x, y T }

// adder adds pairs of points with one inversion for all (Montgomery's trick): 6 products an addition.
type adder[T comparable, P field[T]] struct {
	numerators, denominators, prefixes []T
	// live holds the positions of the pairs that need a division.
	live []int
	// Intermediate results live here: behind generic methods the compiler would put each on the heap.
	product, rest, lambda, x, y T
}

func newAdder[T comparable, P field[T]](capacity int) *adder[T, P] {
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
	P(&a.product).SetOne()
	for i := range sums {
		term := terms(i)
		if term == nil || *term == (affine[T]{}) {
			continue
		}
		sum := &sums[i]
		if *sum == (affine[T]{}) {
			*sum = *term
			continue
		}
		n := len(a.live)
		if !a.slope(sum, term, n) {
			*sum = affine[T]{} // opposite points
			continue
		}
		a.prefixes[n] = a.product
		P(&a.product).Mul(&a.product, &a.denominators[n])
		a.live = append(a.live, i)
	}
	if len(a.live) == 0 {
		return
	}
	P(&a.rest).Inverse(&a.product)
	for n := len(a.live) - 1; n >= 0; n-- {
		P(&a.lambda).Mul(&a.rest, &a.prefixes[n])
		P(&a.rest).Mul(&a.rest, &a.denominators[n])
		P(&a.lambda).Mul(&a.lambda, &a.numerators[n])
		i := a.live[n]
		a.apply(&sums[i], terms(i))
	}
}

// slope stores the chord's or tangent's slope as a fraction at position n; false when the sum is infinity. Neither point is.
func (a *adder[T, P]) slope(p, q *affine[T], n int) bool {
	if p.x != q.x {
		P(&a.denominators[n]).Sub(&q.x, &p.x)
		P(&a.numerators[n]).Sub(&q.y, &p.y)
		return true
	}
	if p.y != q.y {
		return false
	}
	// 3x² / 2y; neither curve has a point with y = 0.
	P(&a.x).Square(&p.x)
	P(&a.numerators[n]).Double(&a.x)
	P(&a.numerators[n]).Add(&a.numerators[n], &a.x)
	P(&a.denominators[n]).Double(&p.y)
	return true
}

// apply sets p to p + q; the slope of the line through both is in lambda.
func (a *adder[T, P]) apply(p, q *affine[T]) {
	P(&a.x).Square(&a.lambda)
	P(&a.x).Sub(&a.x, &p.x)
	P(&a.x).Sub(&a.x, &q.x)
	P(&a.y).Sub(&p.x, &a.x)
	P(&a.y).Mul(&a.y, &a.lambda)
	P(&p.y).Sub(&a.y, &p.y)
	p.x = a.x
}
