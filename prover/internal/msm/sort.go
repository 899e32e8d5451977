package msm

// An entry names a point of a sum: its index times 2, plus 1 if it is subtracted.
type entry = uint32

// grouped are entries by group: those of group g end at ends[g], where those of g+1 begin.
type grouped struct {
	entries []entry
	ends    []uint32
	digits  []int32 // scratch
}

// sortWindow groups the points of window j by the magnitude of their digits, by counting; group m-1 has those of magnitude m.
func (g *grouped) sortWindow(r *recoded, j int) {
	n := len(r.scalars)
	g.digits, g.entries = resize(g.digits, n), resize(g.entries, n)
	g.ends = resize(g.ends, r.buckets())
	clear(g.ends)
	for i := range n {
		d := r.digit(i, j)
		g.digits[i] = d
		if d != 0 {
			g.ends[magnitude(d)-1]++
		}
	}
	total := uint32(0)
	for m, count := range g.ends { // to starts, which placing moves to ends
		g.ends[m] = total
		total += count
	}
	for i, d := range g.digits {
		if d != 0 {
			at := &g.ends[magnitude(d)-1]
			g.entries[*at] = r.sources[i] ^ uint32(d)>>31
			*at++
		}
	}
	g.entries = g.entries[:total]
}

func magnitude(d int32) int32 {
	if d < 0 {
		return -d
	}
	return d
}

// split groups the buckets by the high and by the low half of their magnitude m = high·2^low + rest: the buckets' weighted sum is
// 2^low·Σ high·row(high) + Σ rest·column(rest). present says which buckets have points.
func (g *grouped) split(buckets, low int, present []bool) (rows int) {
	columns := 1 << low
	rows = buckets>>low + 1
	g.entries, g.ends = g.entries[:0], g.ends[:0]
	for high := range rows {
		for m := max(1, high<<low); m < (high+1)<<low && m <= buckets; m++ {
			if present[m-1] {
				g.entries = append(g.entries, entry(m-1)<<1)
			}
		}
		g.ends = append(g.ends, uint32(len(g.entries)))
	}
	for rest := range columns {
		for m := rest; m <= buckets; m += columns {
			if m > 0 && present[m-1] {
				g.entries = append(g.entries, entry(m-1)<<1)
			}
		}
		g.ends = append(g.ends, uint32(len(g.entries)))
	}
	return rows
}

// resize returns a slice of n elements, of any values.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
