// Code generated from tree_g1.go by go generate. DO NOT EDIT.

package msm

import (
	"github.com/consensys/gnark-crypto/ecc/bn254"

	"fairlead.dev/prover/internal/chord"
)

// treeG2 sums groups of points by rounds of affine additions in pairs, all of which share their inversions, see [chord.G2].
//
// It is scratch memory for one goroutine.
type treeG2 struct {
	chord.G2
	into  [chord.Pairs]int32 // ≥ 0: work[into], else out[^into]
	count int

	work, next []bn254.G2Affine
	groups     []group
	out        []bn254.G2Affine
}

// sum sets out[g] to the sum of group g, which is infinity for one without entries.
func (t *treeG2) sum(out, points []bn254.G2Affine, g *grouped) {
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
				out[first] = bn254.G2Affine{}
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
func (t *treeG2) gather(points []bn254.G2Affine, entries []entry) {
	t.next = resize(t.next, len(entries))
	left, at, to := t.groups[:0], 0, int32(0)
	for _, g := range t.groups {
		size := int(g.size)
		if size == 1 {
			loadG2(&t.out[g.number], points, entries[at])
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
			t.X1[n], t.X2[n] = points[p>>1].X, points[q>>1].X
			t.Y1[n], t.Y2[n] = points[p>>1].Y, points[q>>1].Y
			if p&1 != 0 {
				t.Y1[n].Neg(&t.Y1[n])
			}
			if q&1 != 0 {
				t.Y2[n].Neg(&t.Y2[n])
			}
			t.push(target)
			target++
		}
		if size&1 != 0 {
			loadG2(&t.next[target], points, entries[at+size-1])
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
func (t *treeG2) halve() {
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
			t.X1[n], t.Y1[n] = t.work[i].X, t.work[i].Y
			t.X2[n], t.Y2[n] = t.work[i+1].X, t.work[i+1].Y
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

func (t *treeG2) push(target int32) {
	t.into[t.count] = target
	t.count++
	if t.count == chord.Pairs {
		t.flush()
	}
}

// flush adds the pairs of the batch.
func (t *treeG2) flush() {
	n := t.count
	t.count = 0
	t.Add(n)
	for i, at := range t.into[:n] {
		p := &t.next
		if at < 0 {
			p, at = &t.out, ^at
		}
		(*p)[at].X, (*p)[at].Y = t.X1[i], t.Y1[i]
	}
}

// loadG2 sets p to an entry's point.
func loadG2(p *bn254.G2Affine, points []bn254.G2Affine, e entry) {
	*p = points[e>>1]
	if e&1 != 0 {
		p.Y.Neg(&p.Y)
	}
}
