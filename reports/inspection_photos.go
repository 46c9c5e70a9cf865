package reports

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"recourse/models"
)

var errNoPicture = errors.New("no picture")

// open reads and prepares one picture.
func (r *report) open(sha models.SHA256) (picture, error) { return open(r.opts.Open, sha) }

func open(source func(models.SHA256) (io.ReadCloser, error), sha models.SHA256) (picture, error) {
	if sha.IsZero() || source == nil {
		return picture{}, errNoPicture
	}
	f, err := source(sha)
	if err != nil {
		return picture{}, err
	}
	defer f.Close()
	return readPicture(f)
}

// photos lays the photos out in a grid, larger where they are few. A photo that
// is missing or broken leaves a frame that says so.
func (r *report) photos() {
	list := r.in.Record.Photos
	if len(list) == 0 {
		return
	}
	r.head("photos")
	if r.in.Record.PhotosPresent < r.in.Record.PhotosWanted {
		r.paragraph(r.say(wordf("photos_missing", r.in.Record.PhotosPresent, r.in.Record.PhotosWanted), plain.inked(amber), bodyWidth))
	}
	across, tall := 2, 62.0
	if len(list) > 12 {
		across, tall = 3, 43.0
	}
	width := bodyWidth / float64(across)
	var rows []row
	for i, p := range list {
		c := cell{boxes: append([]box{r.shot(p, width-4, tall), space(1.2)}, r.caption(i, p, width-4)...)}
		if i%across == 0 {
			rows = append(rows, row{padX: 2, padY: 1.8})
		}
		last := &rows[len(rows)-1]
		last.cells, last.widths = append(last.cells, c), append(last.widths, width)
	}
	r.add(rows)
}

func (r *report) shot(p models.Photo, w, h float64) box {
	if !p.Present {
		return r.noPicture(r.inline(word("photo_absent"))+"\n"+p.SHA256.String()[:16]+"…", w, h)
	}
	pic, err := r.open(p.SHA256)
	if err != nil {
		return r.noPicture(r.inline(word("photo_broken"))+"\n"+p.SHA256.String()[:16]+"…", w, h)
	}
	return r.image(p.SHA256.String(), pic, w, h)
}

// caption names a photo: number, what it shows, its words, when it was taken.
func (r *report) caption(i int, p models.Photo, width float64) []box {
	title := join(" · ", r.inline(wordf("photo", i+1)), r.subject(p))
	boxes := r.text(title, strong.sized(8), width)
	boxes = append(boxes, r.text(p.Caption, plain.sized(8), width)...)
	return append(boxes, r.text(r.photoFacts(p), small.sized(6.8), width)...)
}

// subject is the finding, check or lot that a photo belongs to.
func (r *report) subject(p models.Photo) string {
	for i, l := range r.in.Record.Lots {
		for k, f := range l.Findings {
			if p.FindingID != nil && f.ID == *p.FindingID {
				d, _ := l.Snapshot.Defect(f.Defect)
				return fmt.Sprintf("%s %d · %s", r.inline(word("findings")), k+1, r.inline(coded(f.Defect, d.Name)))
			}
		}
		if p.CheckCode != "" {
			for _, c := range ticked(l) {
				if c.Code == p.CheckCode {
					return r.inline(c.name)
				}
			}
		}
		if p.InspectionLotID != nil && l.ID == *p.InspectionLotID && len(r.in.Lots) > 1 && p.FindingID == nil {
			return r.inline(r.lotName(i))
		}
	}
	return p.CheckCode
}

// photoFacts are the times and, where the edition still has it, the place of a photo.
func (r *report) photoFacts(p models.Photo) string {
	var facts []string
	if t := r.at(p.TakenAt); t != "" {
		facts = append(facts, r.inline(word("phone_time"))+" "+t)
	}
	for _, f := range r.in.Files {
		if f.SHA256 != p.SHA256 {
			continue
		}
		if f.TakenAt != "" {
			facts = append(facts, r.inline(word("camera_time"))+" "+strings.Replace(f.TakenAt, "T", " ", 1))
		}
		if t := r.at(&f.ReceivedAt); t != "" {
			facts = append(facts, r.inline(word("received"))+" "+t)
		}
		if f.Latitude.IsSet() && f.Longitude.IsSet() {
			facts = append(facts, fmt.Sprintf("%s %s, %s", r.inline(word("position")), f.Latitude, f.Longitude))
		}
		break
	}
	return strings.Join(facts, "\n")
}
