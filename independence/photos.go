package independence

import (
	"cmp"
	"context"
	"math/bits"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// Two pictures are nearly the same when their difference hashes differ in at
// most maxBits of 64 bits: four bands of 16 bits then share one, by which they
// are found without comparing all pairs. A copy at another size or quality stays
// within three bits; docs/independence.md has what was measured.
const (
	maxBits = 3
	bands   = maxBits + 1
	// minDetail is how many of the 64 bits are set, and how many are not, in a hash that says something: a bare wall has none.
	minDetail = 12
	// maxViews is in how many visits a similar picture may be before it is taken for a common view, like a scale on the same table.
	maxViews = 3
)

// PhotoFigures is the figures of photos that came twice.
type PhotoFigures struct {
	SHA256   []models.SHA256 `json:"sha256"`   // equal: of each; similar: of both of each pair, one after the other
	Distance []int           `json:"distance"` // bits of 64 that differ, per photo or pair
	Looked   int             `json:"looked"`   // photos of the question
}

// reused finds photos whose bytes stand at two visits, whichever visits these are.
func (s *scope) reused(ctx context.Context, tx *gorm.DB) ([]Hint, error) {
	type use struct {
		sha256 models.SHA256
		visit  *visit
	}
	var elsewhere []use
	others := map[models.ID]*visit{}
	for some := range slices.Chunk(s.visits, chunk) {
		err := eachRow(ctx, tx, "SELECT q.sha256, inspections.id, inspections.number, inspections.inspected_on, inspections.supplier_id FROM inspection_photos p "+
			"JOIN inspection_photos q ON q.sha256 = p.sha256 AND q.inspection_id <> p.inspection_id JOIN inspections ON inspections.id = q.inspection_id "+
			"WHERE "+current+" AND p.inspection_id IN ?", ids(some),
			func(scan func(...any) error) error {
				u := use{visit: &visit{}}
				v := u.visit
				if err := scan(&u.sha256, &v.ID, &v.Number, &v.InspectedOn, &v.SupplierID); err != nil {
					return err
				}
				if s.byID[v.ID] == nil {
					if others[v.ID] == nil {
						others[v.ID] = v
					}
					elsewhere = append(elsewhere, use{u.sha256, others[v.ID]})
				}
				return nil
			})
		if err != nil {
			return nil, err
		}
	}
	var heads []*visit
	for _, v := range others {
		heads = append(heads, v)
	}
	if err := s.readInspectors(ctx, tx, heads); err != nil {
		return nil, err
	}
	at := map[models.SHA256][]*visit{}
	for _, p := range s.photos {
		at[p.sha256] = append(at[p.sha256], p.visit)
	}
	for _, u := range elsewhere {
		at[u.sha256] = append(at[u.sha256], u.visit)
	}
	return s.sharing(at), nil
}

// sharing makes one hint of all photos that stand at the same visits.
func (s *scope) sharing(at map[models.SHA256][]*visit) []Hint {
	type shared struct {
		visits []*visit
		photos []models.SHA256
	}
	bySet := map[models.ID]*shared{}
	for sha256, visits := range at {
		visits = distinct(visits)
		if len(visits) < 2 {
			continue
		}
		var key [][]byte
		for _, v := range visits {
			key = append(key, v.ID[:])
		}
		set := identify(ReusedPhoto, key...)
		if bySet[set] == nil {
			bySet[set] = &shared{visits: visits}
		}
		bySet[set].photos = append(bySet[set].photos, sha256)
	}
	var hints []Hint
	for _, g := range bySet {
		slices.SortFunc(g.photos, func(a, b models.SHA256) int { return cmp.Compare(a.String(), b.String()) })
		var parts [][]byte
		for n := range g.photos {
			parts = append(parts, g.photos[n][:])
		}
		f := &PhotoFigures{SHA256: g.photos, Distance: make([]int, len(g.photos)), Looked: len(s.photos)}
		hints = append(hints, s.about(Hint{Kind: ReusedPhoto, Strength: strength(10), Photos: f, Text: models.Say(
			"%[1]d photos with the same bytes stand at %[2]d visits. Worth asking when they were taken, and whether one belongs to the other visit.",
			"有 %[1]d 张照片（文件内容完全相同）用于 %[2]d 次验货。值得询问拍摄时间，以及是否属于其中另一次验货。", len(g.photos), len(g.visits))}, g.visits, parts...))
	}
	return hints
}

// distinct are the visits without repetition, by id.
func distinct(visits []*visit) []*visit {
	visits = slices.Clone(visits)
	slices.SortFunc(visits, func(a, b *visit) int { return cmp.Compare(a.ID.String(), b.ID.String()) })
	return slices.CompactFunc(visits, func(a, b *visit) bool { return a.ID == b.ID })
}

// similar finds nearly equal pictures at different visits of the scope.
func (s *scope) similar() []Hint {
	type pair struct{ a, b models.ID }
	type close struct {
		first, second *photo
		bits          int
	}
	views := s.views()
	found := map[pair][]close{}
	for _, group := range views {
		if len(distinctViews(group)) > maxViews {
			continue
		}
		for n, p := range group {
			for _, q := range group[:n] {
				d := bits.OnesCount64(uint64(*p.dhash) ^ uint64(*q.dhash))
				if d > maxBits || p.visit.ID == q.visit.ID || p.sha256 == q.sha256 {
					continue
				}
				one, other := q, p
				if one.visit.Number > other.visit.Number {
					one, other = other, one
				}
				key := pair{one.visit.ID, other.visit.ID}
				found[key] = append(found[key], close{one, other, d})
			}
		}
	}
	var hints []Hint
	for _, all := range found {
		slices.SortFunc(all, func(a, b close) int {
			return cmp.Or(cmp.Compare(a.bits, b.bits), cmp.Compare(a.first.sha256.String()+a.second.sha256.String(), b.first.sha256.String()+b.second.sha256.String()))
		})
		f := &PhotoFigures{Looked: len(s.photos)}
		var parts [][]byte
		for _, c := range all {
			f.SHA256 = append(f.SHA256, c.first.sha256, c.second.sha256)
			f.Distance = append(f.Distance, c.bits)
			parts = append(parts, c.first.sha256[:], c.second.sha256[:])
		}
		hints = append(hints, s.about(Hint{Kind: SimilarPhoto, Strength: strength(float64(7 - all[0].bits)), Photos: f, Text: models.Say(
			"%[1]d pairs of nearly the same picture stand at two visits (the closest differs in %[2]d of 64 bits). Two views of the same place may look so: worth looking at both.",
			"两次验货中有 %[1]d 对几乎相同的照片（最接近的一对在 64 位特征中相差 %[2]d 位）。同一地点的照片也可能如此：值得对照查看。", len(all), all[0].bits)},
			[]*visit{all[0].first.visit, all[0].second.visit}, parts...))
	}
	return hints
}

// views gathers pictures that are nearly the same, directly or over others.
func (s *scope) views() [][]*photo {
	var all []*photo
	for n := range s.photos {
		if p := &s.photos[n]; p.dhash != nil {
			if set := bits.OnesCount64(uint64(*p.dhash)); set >= minDetail && 64-set >= minDetail {
				all = append(all, p)
			}
		}
	}
	parent := make([]int, len(all))
	for n := range parent {
		parent[n] = n
	}
	root := func(n int) int {
		for parent[n] != n {
			parent[n] = parent[parent[n]]
			n = parent[n]
		}
		return n
	}
	type band struct {
		no    int
		value uint16
	}
	buckets := map[band][]int{}
	for n, p := range all {
		for no := range bands {
			k := band{no, uint16(uint64(*p.dhash) >> (16 * no))}
			// A full bucket holds one common view many times over; its latest members stand for it.
			for _, m := range buckets[k][max(0, len(buckets[k])-64):] {
				if bits.OnesCount64(uint64(*p.dhash)^uint64(*all[m].dhash)) <= maxBits {
					parent[root(n)] = root(m)
				}
			}
			buckets[k] = append(buckets[k], n)
		}
	}
	groups := map[int][]*photo{}
	for n, p := range all {
		groups[root(n)] = append(groups[root(n)], p)
	}
	var out [][]*photo
	for _, g := range groups {
		if len(g) > 1 {
			out = append(out, g)
		}
	}
	return out
}

func distinctViews(group []*photo) []*visit {
	var visits []*visit
	for _, p := range group {
		visits = append(visits, p.visit)
	}
	return distinct(visits)
}
