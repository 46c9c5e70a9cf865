package independence

import (
	"cmp"
	"slices"
	"time"

	"recourse/models"
)

// What times and distances may be.
const (
	dayMargin    = 24 * time.Hour   // zones of cameras that don't say theirs lie within it
	clockMargin  = 10 * time.Minute // a phone that is further off is flagged as such
	perItem      = time.Second      // a reading or a photo takes at least this long
	maxKMH       = 900.0            // an airliner
	farKM        = 50.0             // further than a factory's yard and the error of a fix
	minimumHours = 1.0 / 60         // fixes closer in time than a minute count as a minute apart
)

// TimeFigures is the figures about times and places; what a kind doesn't have is left out.
type TimeFigures struct {
	Photos    []models.SHA256 `json:"photos"`              // in question
	Of        int             `json:"of"`                  // that could be checked: photos, or visits
	Days      float64         `json:"days,omitzero"`       // furthest from the visit
	Minutes   float64         `json:"minutes,omitzero"`    // after the submission; or between two fixes
	KM        float64         `json:"km,omitzero"`         // distance
	KMH       float64         `json:"kmh,omitzero"`        // speed
	Items     int             `json:"items,omitzero"`      // readings and photos
	Seconds   float64         `json:"seconds,omitzero"`    // that were there for them
	PerSecond float64         `json:"per_second,omitzero"` // items
	Limit     float64         `json:"limit"`               // of days, minutes, km, km/h or items per second, by the kind
	From      *time.Time      `json:"from,omitempty"`      // first moment in question
	To        *time.Time      `json:"to,omitempty"`        // last moment in question
}

// instant is when the photo was taken by a clock whose zone is known: satellites,
// a camera that says its offset, or the phone; nil when none is.
func (p photo) instant() *time.Time {
	if p.gpsAt != nil {
		return p.gpsAt
	}
	if t, err := time.Parse(time.RFC3339, p.cameraAt); err == nil {
		return &t
	}
	return p.takenAt
}

// local is when the photo was taken by the clock on the wall, as far as known.
func (p photo) local() (time.Time, bool) {
	if len(p.cameraAt) >= 19 {
		if t, err := time.Parse("2006-01-02T15:04:05", p.cameraAt[:19]); err == nil {
			return t, true
		}
	}
	if t := p.instant(); t != nil {
		return *t, true
	}
	return time.Time{}, false
}

// days are the first and last moment that belong to a visit, with the margin.
func (v *visit) days() (from, to time.Time) {
	day := v.InspectedOn.Time()
	from, to = day.Add(-dayMargin), day.Add(24*time.Hour+dayMargin)
	if v.SubmittedAt != nil && v.Revision == 0 && v.SubmittedAt.Add(dayMargin).After(to) {
		to = v.SubmittedAt.Add(dayMargin)
	}
	return from, to
}

// photosOf groups the photos by visit, in the order of the visits.
func (s *scope) photosOf() [][]photo {
	at := map[models.ID][]photo{}
	for _, p := range s.photos {
		at[p.visit.ID] = append(at[p.visit.ID], p)
	}
	var out [][]photo
	for _, v := range s.visits {
		if len(at[v.ID]) > 0 {
			out = append(out, at[v.ID])
		}
	}
	return out
}

// photoTimes finds photos taken more than a day before or after their visit, and
// such that were taken after the submission that names them. Photos before the
// server's start of the visit are usual: a phone works offline.
func (s *scope) photoTimes() []Hint {
	var hints []Hint
	for _, photos := range s.photosOf() {
		v := photos[0].visit
		from, to := v.days()
		other, late := &TimeFigures{Limit: 1}, &TimeFigures{Limit: clockMargin.Minutes()}
		for _, p := range photos {
			at, known := p.local()
			if !known {
				continue
			}
			other.Of++
			off := max(from.Sub(at), at.Sub(to))
			if off > 0 {
				other.note(p, at)
				other.Days = max(other.Days, rounded((off+dayMargin).Hours()/24))
				continue
			}
			if t := p.instant(); t != nil && v.SubmittedAt != nil {
				late.Of++
				if after := t.Sub(*v.SubmittedAt); after > clockMargin {
					late.note(p, *t)
					late.Minutes = max(late.Minutes, rounded(after.Minutes()))
				}
			}
		}
		if n := len(other.Photos); n > 0 {
			hints = append(hints, s.about(Hint{Kind: PhotoTime, Strength: byRatio(other.Days), Times: other, Text: models.Say(
				"%[1]d of %[2]d photos carry a time %.1[3]f days or more from the visit's day. A camera's clock may be wrong: worth asking when they were taken.",
				"%[2]d 张照片中有 %[1]d 张的拍摄时间与验货日期相差达 %.1[3]f 天。也可能是相机时钟有误：值得询问拍摄时间。", n, other.Of, other.Days)}, []*visit{v}, []byte("day")))
		}
		if n := len(late.Photos); n > 0 {
			hints = append(hints, s.about(Hint{Kind: PhotoTime, Strength: byRatio(late.Minutes / 60), Times: late, Text: models.Say(
				"%[1]d of %[2]d photos carry a time up to %.0[3]f minutes after the record that names them was submitted. A clock may be wrong: worth asking.",
				"%[2]d 张照片中有 %[1]d 张的拍摄时间晚于提交记录，最多 %.0[3]f 分钟。也可能是时钟有误：值得询问。", n, late.Of, late.Minutes)}, []*visit{v}, []byte("late")))
		}
	}
	return hints
}

// note adds a photo in question, taken at t.
func (f *TimeFigures) note(p photo, t time.Time) {
	f.Photos = append(f.Photos, p.sha256)
	t = models.Now(t)
	if f.From == nil || t.Before(*f.From) {
		f.From = &t
	}
	if f.To == nil || t.After(*f.To) {
		f.To = &t
	}
}

// haste finds visits whose readings and photos came faster than one a second,
// from the first sign of work (the server's start or the first photo) to the
// submission. A visit without two photos of known time isn't judged: what a
// phone collected offline comes all at once.
func (s *scope) haste() []Hint {
	var hints []Hint
	for _, photos := range s.photosOf() {
		v := photos[0].visit
		if v.StartedAt == nil || v.SubmittedAt == nil {
			continue
		}
		begin, timed := *v.StartedAt, 0
		from, to := v.days()
		for _, p := range photos {
			if t := p.instant(); t != nil && t.After(from) && t.Before(to) {
				timed++
				if t.Before(begin) {
					begin = *t
				}
			}
		}
		items, took := v.readings+len(photos), v.SubmittedAt.Sub(begin)
		need := time.Duration(items) * perItem
		if timed < 2 || took >= need || items == 0 {
			continue
		}
		rate := float64(items) / max(took.Seconds(), 1)
		f := &TimeFigures{Of: len(photos), Items: items, Seconds: rounded(took.Seconds()), PerSecond: rounded(rate), Limit: 1 / perItem.Seconds(), From: &begin, To: v.SubmittedAt}
		hints = append(hints, s.about(Hint{Kind: Haste, Strength: byRatio(rate), Times: f, Text: models.Say(
			"%[1]d readings and photos lie within %.0[2]f seconds from the first sign of work to the submission, more than one a second. Worth asking how the visit went.",
			"从最早的工作记录到提交只有 %.0[2]f 秒，却有 %[1]d 个读数和照片，每秒多于一个。值得询问验货经过。", items, took.Seconds())}, []*visit{v}))
	}
	return hints
}

// clocks finds inspectors whose phone was more than five minutes off when it sent a record.
func (s *scope) clocks() []Hint {
	type person struct {
		id   models.ID
		of   int
		seen []*visit
	}
	at := map[models.ID]*person{}
	for _, v := range s.visits {
		id, alone := v.alone()
		if !alone || v.DeviceTime == nil {
			continue
		}
		if at[id] == nil {
			at[id] = &person{id: id}
		}
		at[id].of++
		if v.DeviceSkewed {
			at[id].seen = append(at[id].seen, v)
		}
	}
	var hints []Hint
	for _, p := range at {
		if len(p.seen) == 0 {
			continue
		}
		slices.SortFunc(p.seen, func(a, b *visit) int { return cmp.Compare(a.Number, b.Number) })
		f := &TimeFigures{Items: len(p.seen), Of: p.of, Limit: 5}
		hints = append(hints, s.about(Hint{Kind: Clock, Strength: byRatio(0.5 + float64(len(p.seen))/float64(p.of)), Times: f, Text: models.Say(
			"At %[1]d of %[2]d visits of %[3]s the phone's clock was more than five minutes off. Times of photos and signatures from it are uncertain: worth having it set.",
			"%[3]s 的 %[2]d 次验货中有 %[1]d 次手机时钟偏差超过五分钟。其照片和签字时间不可靠：值得请其校准。", len(p.seen), p.of, s.names[p.id])}, p.seen, p.id[:]))
	}
	return hints
}
