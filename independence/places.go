package independence

import (
	"cmp"
	"math"
	"slices"
	"time"

	"recourse/models"
)

// point is a place on the earth in degrees, north and east positive.
type point struct{ latitude, longitude float64 }

// where is the photo's place, if its file says one.
func (p photo) where() (point, bool) {
	if !p.latitude.IsSet() || !p.longitude.IsSet() {
		return point{}, false
	}
	return point{p.latitude.Exact().InexactFloat64(), p.longitude.Exact().InexactFloat64()}, true
}

// km is the distance along the great circle by the haversine formula, on a sphere of 6371 km.
func km(a, b point) float64 {
	const radius, degree = 6371.0, math.Pi / 180
	north, east := math.Sin((b.latitude-a.latitude)*degree/2), math.Sin((b.longitude-a.longitude)*degree/2)
	h := north*north + math.Cos(a.latitude*degree)*math.Cos(b.latitude*degree)*east*east
	return 2 * radius * math.Asin(math.Sqrt(min(1, h)))
}

// middle is the one of the points that is nearest to all others together, so
// that a few far ones, or the date line, don't move it.
func middle(all []point) point {
	const enough = 50 // of a visit's photos are as good as all
	some := all[:min(len(all), enough)]
	best, least := some[0], math.Inf(1)
	for _, p := range some {
		sum := 0.0
		for _, q := range some {
			sum += km(p, q)
		}
		if sum < least {
			best, least = p, sum
		}
	}
	return best
}

// located is a visit with the place of its photos.
type located struct {
	visit  *visit
	centre point
	first  photo
}

// photoPlaces finds photos taken far from the visit's others, and visits far
// from where at least two others of the supplier at a place of the same name were.
func (s *scope) photoPlaces() []Hint {
	type named struct {
		supplier models.ID
		place    string
	}
	var hints []Hint
	places := map[named][]located{}
	for _, photos := range s.photosOf() {
		var points []point
		var with []photo
		for _, p := range photos {
			if at, known := p.where(); known {
				points, with = append(points, at), append(with, p)
			}
		}
		if len(points) == 0 {
			continue
		}
		v, centre := with[0].visit, middle(points)
		if name := models.Key(v.Place); name != "" {
			k := named{v.SupplierID, name}
			places[k] = append(places[k], located{v, centre, with[0]})
		}
		f := &TimeFigures{Of: len(points), Limit: farKM}
		for n, at := range points {
			if d := km(centre, at); d > farKM {
				f.Photos, f.KM = append(f.Photos, with[n].sha256), max(f.KM, rounded(d))
			}
		}
		if len(f.Photos) > 0 {
			hints = append(hints, s.about(Hint{Kind: PhotoPlace, Strength: byRatio(f.KM / farKM), Times: f, Text: models.Say(
				"%[1]d of %[2]d photos with a place were taken up to %.0[3]f km from the others of the visit. Worth asking where.",
				"%[2]d 张有位置的照片中有 %[1]d 张距本次验货其他照片最远 %.0[3]f 公里。值得询问拍摄地点。", len(f.Photos), f.Of, f.KM)}, []*visit{v}, []byte("visit")))
		}
	}
	for _, all := range places {
		hints = append(hints, s.elsewhere(all)...)
	}
	return hints
}

// elsewhere finds the visits that were far from where most others to the same place were.
func (s *scope) elsewhere(all []located) []Hint {
	if len(all) < 3 {
		return nil
	}
	var centres []point
	for _, one := range all {
		centres = append(centres, one.centre)
	}
	usual := middle(centres)
	var far []located
	for _, one := range all {
		if km(usual, one.centre) > farKM {
			far = append(far, one)
		}
	}
	near := len(all) - len(far)
	if near < 2 || near <= len(far) { // a name that stands for many places names none
		return nil
	}
	var hints []Hint
	for _, one := range far {
		d := km(usual, one.centre)
		f := &TimeFigures{Photos: []models.SHA256{one.first.sha256}, Of: near, KM: rounded(d), Limit: farKM}
		hints = append(hints, s.about(Hint{Kind: PhotoPlace, Strength: byRatio(d / farKM), Times: f, Text: models.Say(
			"The visit's photos were taken %.0[1]f km from where %[2]d other visits to “%[3]s” were. Worth asking where the goods were seen.",
			"本次验货的照片距其他 %[2]d 次“%[3]s”验货的地点 %.0[1]f 公里。值得询问验货地点。", d, near, one.visit.Place)}, []*visit{one.visit}, []byte("place")))
	}
	return hints
}

// fix is where somebody was at a moment.
type fix struct {
	at    time.Time
	place point
	photo photo
}

// travel finds inspectors who went from one visit to the next faster than an
// airliner, by the places and times of their photos. Only visits that one person
// made say where that person was, and only photos of the visit's days count.
func (s *scope) travel() []Hint {
	fixes := map[models.ID][]fix{}
	for _, p := range s.photos {
		place, known := p.where()
		at := p.instant()
		id, alone := p.visit.alone()
		if !known || at == nil || !alone {
			continue
		}
		if from, to := p.visit.days(); at.Before(from) || at.After(to) {
			continue
		}
		fixes[id] = append(fixes[id], fix{*at, place, p})
	}
	type pair struct{ a, b models.ID }
	fastest := map[pair]Hint{}
	for id, all := range fixes {
		slices.SortFunc(all, func(a, b fix) int {
			return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.photo.visit.Number, b.photo.visit.Number))
		})
		for n := 1; n < len(all); n++ {
			a, b := all[n-1], all[n]
			if a.photo.visit.ID == b.photo.visit.ID {
				continue
			}
			d, hours := km(a.place, b.place), max(b.at.Sub(a.at).Hours(), minimumHours)
			if d <= farKM || d/hours <= maxKMH {
				continue
			}
			key := pair{a.photo.visit.ID, b.photo.visit.ID}
			if before, seen := fastest[key]; seen && before.Times.KMH >= rounded(d/hours) {
				continue
			}
			from, to := models.Now(a.at), models.Now(b.at)
			f := &TimeFigures{Photos: []models.SHA256{a.photo.sha256, b.photo.sha256}, Of: len(all), KM: rounded(d), Minutes: rounded(b.at.Sub(a.at).Minutes()), KMH: rounded(d / hours), Limit: maxKMH, From: &from, To: &to}
			fastest[key] = s.about(Hint{Kind: Travel, Strength: byRatio(d / hours / maxKMH), Times: f, Text: models.Say(
				"By time and place of their photos, %[1]s went %.0[2]f km in %.0[3]f minutes between two visits. A clock or a fix may be wrong: worth asking.",
				"按照片的时间和位置，%[1]s 在 %.0[3]f 分钟内从一处验货到另一处，相距 %.0[2]f 公里。时钟或定位也可能有误：值得询问。", s.names[id], d, f.Minutes)},
				[]*visit{a.photo.visit, b.photo.visit}, id[:])
		}
	}
	var hints []Hint
	for _, h := range fastest {
		hints = append(hints, h)
	}
	return hints
}
