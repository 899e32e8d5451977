package groth16

import (
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
)

// lines of a point's Miller loop, as [bn254.MillerLoopFixedQ] takes them.
type lines = [2][len(bn254.LoopCounter)]bn254.LineEvaluationAff

// linesOf gives the lines of points on the curve, in affine coordinates: all points take each step together and share its inversion. It says
// whether all points are in the subgroup of order r; if not, the lines are useless.
//
// The check costs nothing: at the end a point Q has been multiplied by 6x+2, and ψ, the Frobenius map on the twist, multiplies by q in the
// subgroup, so [6x+2]Q + ψ(Q) - ψ²(Q) + ψ³(Q) is infinity there. It is nowhere else: the norm of 6x+2 + ψ - ψ² + ψ³ is r times a number
// prime to the twist's cofactor ([DLZZ22], section 4.2). A step that would divide by zero, because the running multiple met the point it is
// added to, cannot occur in the subgroup either.
//
// [DLZZ22]: https://eprint.iacr.org/2022/348
func linesOf(points []bn254.G2Affine, out []lines) bool {
	s := stepper{at: append([]bn254.G2Affine{}, points...), divisors: make([]bn254.E2, len(points)), inSubgroup: true}
	negative := make([]bn254.G2Affine, len(points))
	for k := range points {
		negative[k].Neg(&points[k])
	}
	for i := len(bn254.LoopCounter) - 2; i >= 0; i-- {
		switch bn254.LoopCounter[i] {
		case 0:
			s.double(func(k int) *bn254.LineEvaluationAff { return &out[k][0][i] })
		case 1:
			s.doubleAndAdd(points, i, out)
		case -1:
			s.doubleAndAdd(negative, i, out)
		}
	}
	last := len(bn254.LoopCounter) - 1
	frobenius, square := negative, make([]bn254.G2Affine, len(points))
	for k := range points {
		frobenius[k] = psi(&points[k])
		square[k] = psi(&frobenius[k])
		square[k].Neg(&square[k])
	}
	s.add(frobenius, func(k int) *bn254.LineEvaluationAff { return &out[k][1][last] })
	s.add(square, func(k int) *bn254.LineEvaluationAff { return &out[k][0][last] })
	for k := range points {
		if end := psi(&square[k]); !s.at[k].Equal(&end) {
			return false
		}
	}
	return s.inSubgroup
}

// psi is the Frobenius map of E(F_q¹²), on the twist.
func psi(p *bn254.G2Affine) (image bn254.G2Affine) {
	image.X.Conjugate(&p.X).MulByNonResidue1Power2(&image.X)
	image.Y.Conjugate(&p.Y).MulByNonResidue1Power3(&image.Y)
	return image
}

// stepper takes many points through a Miller loop.
type stepper struct {
	at         []bn254.G2Affine
	divisors   []bn254.E2
	inSubgroup bool
}

// double sets every point p to 2p.
func (s *stepper) double(line func(k int) *bn254.LineEvaluationAff) {
	for k := range s.at {
		s.divisors[k].Double(&s.at[k].Y)
	}
	s.invert()
	for k := range s.at {
		p := &s.at[k]
		var slope, square bn254.E2
		square.Square(&p.X)
		slope.Double(&square).Add(&slope, &square).Mul(&slope, &s.divisors[k])
		setLine(line(k), p, &slope)
		follow(p, &slope, &p.X)
	}
}

// add sets every point p to p + q.
func (s *stepper) add(q []bn254.G2Affine, line func(k int) *bn254.LineEvaluationAff) {
	for k := range s.at {
		s.divisors[k].Sub(&q[k].X, &s.at[k].X)
	}
	s.invert()
	for k := range s.at {
		p := &s.at[k]
		var slope bn254.E2
		slope.Sub(&q[k].Y, &p.Y).Mul(&slope, &s.divisors[k])
		setLine(line(k), p, &slope)
		follow(p, &slope, &q[k].X)
	}
}

// doubleAndAdd sets every point p to 2p + q = (p + q) + p, with one inversion and without p + q's ordinate ([ELM02]): for a = p.x - q.x and
// b = p.y - q.y the first slope is b/a, the second -b/a - 2·p.y·a²/u with u = b² - (2·p.x + q.x)·a².
//
// [ELM02]: https://eprint.iacr.org/2003/257
func (s *stepper) doubleAndAdd(q []bn254.G2Affine, i int, out []lines) {
	parts := make([]struct{ a, b, square, u bn254.E2 }, len(s.at))
	for k := range s.at {
		p, of := &s.at[k], &parts[k]
		of.a.Sub(&p.X, &q[k].X)
		of.b.Sub(&p.Y, &q[k].Y)
		of.square.Square(&of.a)
		var rest bn254.E2
		rest.Double(&p.X).Add(&rest, &q[k].X).Mul(&rest, &of.square)
		of.u.Square(&of.b).Sub(&of.u, &rest)
		s.divisors[k].Mul(&of.a, &of.u)
	}
	s.invert()
	for k := range s.at {
		p, of, inverse := &s.at[k], &parts[k], &s.divisors[k]
		var first, second, sum bn254.E2
		first.Mul(&of.u, inverse).Mul(&first, &of.b)
		setLine(&out[k][0][i], p, &first)
		sum.Square(&first).Sub(&sum, &p.X).Sub(&sum, &q[k].X)
		second.Double(&p.Y).Mul(&second, &of.square).Mul(&second, &of.a).Mul(&second, inverse).Add(&second, &first).Neg(&second)
		setLine(&out[k][1][i], p, &second)
		follow(p, &second, &sum)
	}
}

// setLine sets the line through p with this slope.
func setLine(line *bn254.LineEvaluationAff, p *bn254.G2Affine, slope *bn254.E2) {
	line.R0 = *slope
	line.R1.Mul(slope, &p.X).Sub(&line.R1, &p.Y)
}

// follow sets p to its sum with the point of abscissa x that is on the line through p with this slope.
func follow(p *bn254.G2Affine, slope, x *bn254.E2) {
	var to, y bn254.E2
	to.Square(slope).Sub(&to, &p.X).Sub(&to, x)
	y.Sub(&p.X, &to).Mul(&y, slope)
	p.Y.Sub(&y, &p.Y)
	p.X = to
}

// invert the divisors, by their norms in F_q.
func (s *stepper) invert() {
	norms := make([]fp.Element, len(s.divisors))
	for k := range s.divisors {
		d := &s.divisors[k]
		var other fp.Element
		norms[k].Square(&d.A0)
		other.Square(&d.A1)
		norms[k].Add(&norms[k], &other)
		s.inSubgroup = s.inSubgroup && !norms[k].IsZero()
	}
	for k, inverse := range fp.BatchInvert(norms) {
		d := &s.divisors[k]
		d.A0.Mul(&d.A0, &inverse)
		d.A1.Mul(&d.A1, &inverse).Neg(&d.A1)
	}
}
