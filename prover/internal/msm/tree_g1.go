package msm

//go:generate sh -c "sed -e 's/G1/G2/g; s/fp\\.Element/bn254.E2/g; /bn254.fp\"/d; s/^package msm$/\\/\\/ Code generated from tree_g1.go by go generate. DO NOT EDIT.\\n\\npackage msm/; /^\\/\\/go:generate/d' tree_g1.go | gofmt > tree_g2.go"

import (
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
)

// treeG1 sums groups of points by rounds of affine additions in pairs, all of which share their inversions. An addition costs
//
//	λ = (y₂ - y₁)/(x₂ - x₁), x₃ = λ² - x₁ - x₂, y₃ = λ·(x₁ - x₃) - y₁:
//
// three multiplications, and three for its share of the inversion ([Montgomery's trick] over a tree of products, which unlike a chain of them
// leaves the processor something to do at the same time), against about eleven for adding to a bucket in extended Jacobian coordinates.
//
// It is scratch memory for one goroutine.
//
// [Montgomery's trick]: https://doi.org/10.1090/S0025-5718-1987-0866113-7
type treeG1 struct {
	x1, y1, x2, y2 [pairs]fp.Element
	products       [2 * pairs]fp.Element
	spare          [pairs]fp.Element
	into           [pairs]int32 // ≥ 0: work[into], else out[^into]
	count          int
	settled        []settledG1

	work, next []bn254.G1Affine
	groups     []group
	out        []bn254.G1Affine
}

// settledG1 is a sum in the current batch that needs no addition: one of the points is infinity, or they cancel out.
type settledG1 struct {
	at  int
	sum bn254.G1Affine
}

// sum sets out[g] to the sum of group g, which is infinity for one without entries.
func (t *treeG1) sum(out, points []bn254.G1Affine, g *grouped) {
	t.out = out
	start := uint32(0)
	for first := 0; first < len(g.ends); {
		// Take groups together until there are enough entries to share inversions, but not more than stay in the cache.
		t.groups = t.groups[:0]
		from := start
		for ; first < len(g.ends) && start-from < blockEntries; first++ {
			if size := g.ends[first] - start; size > 0 {
				t.groups = append(t.groups, group{uint32(first), size})
			} else {
				out[first] = bn254.G1Affine{}
			}
			start = g.ends[first]
		}
		t.gather(points, g.entries[from:start])
		for len(t.groups) > 0 {
			t.work, t.next = t.next, t.work
			t.halve()
		}
	}
}

// gather adds the first pairs of every group, straight from the points.
func (t *treeG1) gather(points []bn254.G1Affine, entries []entry) {
	t.next = resize(t.next, len(entries))
	left, at, to := t.groups[:0], 0, int32(0)
	for _, g := range t.groups {
		size := int(g.size)
		if size == 1 {
			loadG1(&t.out[g.number], points, entries[at])
			at++
			continue
		}
		target := to
		if size == 2 {
			target = ^int32(g.number)
		}
		for i := 0; i+1 < size; i += 2 {
			p, q := entries[at+i], entries[at+i+1]
			n := t.count
			t.x1[n], t.x2[n] = points[p>>1].X, points[q>>1].X
			t.y1[n], t.y2[n] = points[p>>1].Y, points[q>>1].Y
			if p&1 != 0 {
				t.y1[n].Neg(&t.y1[n])
			}
			if q&1 != 0 {
				t.y2[n].Neg(&t.y2[n])
			}
			t.push(target)
			target++
		}
		if size&1 != 0 {
			loadG1(&t.next[target], points, entries[at+size-1])
		}
		at += size
		if size > 2 {
			to += int32(size+1) / 2
			left = append(left, group{g.number, uint32(size+1) / 2})
		}
	}
	t.flush()
	t.groups = left
}

// halve adds pairs of what is left of every group.
func (t *treeG1) halve() {
	t.next = resize(t.next, len(t.work))
	left, at, to := t.groups[:0], 0, int32(0)
	for _, g := range t.groups {
		size := int(g.size)
		target := to
		if size == 2 {
			target = ^int32(g.number)
		}
		for i := at; i+1 < at+size; i += 2 {
			n := t.count
			t.x1[n], t.y1[n] = t.work[i].X, t.work[i].Y
			t.x2[n], t.y2[n] = t.work[i+1].X, t.work[i+1].Y
			t.push(target)
			target++
		}
		if size&1 != 0 {
			t.next[target] = t.work[at+size-1]
		}
		at += size
		if size > 2 {
			to += int32(size+1) / 2
			left = append(left, group{g.number, uint32(size+1) / 2})
		}
	}
	t.flush()
	t.groups = left
}

func (t *treeG1) push(target int32) {
	t.into[t.count] = target
	t.count++
	if t.count == pairs {
		t.flush()
	}
}

// flush adds the pairs of the batch.
func (t *treeG1) flush() {
	n := t.count
	if n == 0 {
		return
	}
	t.count = 0
	x1, y1, x2, y2 := t.x1[:n], t.y1[:n], t.x2[:n], t.y2[:n]
	run, rise := t.products[:n], y2
	subG1(run, x2, x1)
	t.settle(run, x1, y1, x2, y2)
	invertG1(t.products[:], t.spare[:], n)
	mulG1(rise, rise, run) // λ
	squareG1(run, rise)
	subG1(run, run, x1)
	subG1(run, run, x2) // x₃
	subG1(x1, x1, run)
	mulG1(x1, x1, rise)
	subG1(y1, x1, y1) // y₃
	for i, at := range t.into[:n] {
		p := &t.next
		if at < 0 {
			p, at = &t.out, ^at
		}
		(*p)[at].X, (*p)[at].Y = run[i], y1[i]
	}
	for i := range t.settled {
		at, p := t.into[t.settled[i].at], &t.next
		if at < 0 {
			p, at = &t.out, ^at
		}
		(*p)[at] = t.settled[i].sum
	}
	t.settled = t.settled[:0]
}

// settle turns y₂ into y₂ - y₁, and replaces numerator and denominator of λ where the chord's do not serve: by the tangent's for a doubling, by
// 1 where the sum is already known.
func (t *treeG1) settle(run, x1, y1, x2, y2 []fp.Element) {
	for i := range run {
		// Infinity is (0, 0), and no point of the curves has x = 0 and y = 0.
		special := run[i].IsZero() || (x1[i].IsZero() && y1[i].IsZero()) || (x2[i].IsZero() && y2[i].IsZero())
		if !special {
			continue
		}
		p, q := bn254.G1Affine{X: x1[i], Y: y1[i]}, bn254.G1Affine{X: x2[i], Y: y2[i]}
		switch {
		case p.IsInfinity():
			t.settled = append(t.settled, settledG1{i, q})
			run[i].SetOne()
		case q.IsInfinity():
			t.settled = append(t.settled, settledG1{i, p})
			run[i].SetOne()
		case y1[i].Equal(&y2[i]):
			run[i].Double(&y1[i])
			var square fp.Element
			square.Square(&x1[i])
			y2[i].Double(&square).Add(&y2[i], &square).Add(&y2[i], &y1[i]) // 3x², and y₁, which is subtracted below
		default:
			t.settled = append(t.settled, settledG1{i, bn254.G1Affine{}})
			run[i].SetOne()
		}
	}
	subG1(y2, y2, y1)
}

// invertG1 inverts values[:n], none of them zero, with one inversion; values has room for 2n, spare for n.
func invertG1(values, spare []fp.Element, n int) {
	// Level by level, products of the first and the second half; an odd one in the middle rises alone.
	type level struct{ at, size int }
	var levels [17]level
	depth, at, size := 0, 0, n
	for size > 1 {
		levels[depth] = level{at, size}
		low := size / 2
		high := size - low
		above := values[at+size : at+size+high]
		mulG1(above[:low], values[at:at+low], values[at+high:at+size])
		if high > low {
			above[low] = values[at+low]
		}
		depth, at, size = depth+1, at+size, high
	}
	values[at].Inverse(&values[at])
	for depth--; depth >= 0; depth-- {
		at, size := levels[depth].at, levels[depth].size
		low := size / 2
		high := size - low
		above := values[at+size : at+size+high]
		first, second := values[at:at+low], values[at+high:at+size]
		mulG1(spare[:low], second, above[:low])
		mulG1(second, first, above[:low])
		copy(first, spare)
		if high > low {
			values[at+low] = above[low]
		}
	}
}

// loadG1 sets p to an entry's point.
func loadG1(p *bn254.G1Affine, points []bn254.G1Affine, e entry) {
	*p = points[e>>1]
	if e&1 != 0 {
		p.Y.Neg(&p.Y)
	}
}
