package demo

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"recourse/cases"
	"recourse/files"
	"recourse/inspections"
	"recourse/models"
)

// photoWidth is the usual width; pictures are three quarters as high.
const photoWidth = 1200

// drawCase draws a photograph of the example case, by the name that it calls it.
func drawCase(name string, width int) ([]byte, error) {
	w, h := width, width*3/4
	switch name {
	case "corner.jpg":
		return closeUp(w, h, "ceiling", drawBroken, 1)
	case "corner-pallet.jpg":
		return stack(w, h, 2)
	case "colour.jpg":
		return closeUp(w, h, "ceiling", drawShade, 3)
	case "bubble.jpg":
		return closeUp(w, h, "ceiling", drawBubble, 4)
	case "shipping-mark.jpg":
		return carton(w, h, []string{"HBM", "SC-2026-031", "HAMBURG", "C/NO. 1-1000"}, 5)
	}
	return nil, models.Invalid("", "There is no drawing of %s.", "没有 %s 的图。", name)
}

// Photos draws the photographs of the example case; width 0 is the usual one.
func Photos(width int) cases.Photos {
	return func(name string) (io.ReadSeekCloser, error) {
		b, err := drawCase(name, cmp.Or(width, photoWidth))
		return opened{bytes.NewReader(b)}, err
	}
}

// Case is the example case. Its photos are opened by Photos.
func Case() (*cases.File, error) {
	s, err := readStory()
	if err != nil {
		return nil, err
	}
	return s.example, nil
}

// picked is a photograph whose bytes are stored, and what it shows.
type picked struct {
	defect string // code
	name   string
	file   *models.File
}

// pictures are all photographs of the company, stored before the transaction
// since looking at them takes long.
type pictures struct {
	ofCase     map[string]*models.File
	neighbours map[string][]picked // by supplier
}

// forNeighbours is a copy to take pictures out of: a transaction may run again.
func (p *pictures) forNeighbours() map[string][]picked { return maps.Clone(p.neighbours) }

// takePictures draws and stores every photograph, two at a time.
func takePictures(ctx context.Context, archive *files.Archive, s *story, width int) (*pictures, error) {
	p := &pictures{neighbours: map[string][]picked{}}
	var err error
	if p.ofCase, err = cases.TakePhotos(ctx, archive, s.example, Photos(width)); err != nil {
		return nil, err
	}
	var wanted []*wantedPhoto
	for i := range s.Suppliers {
		for _, defect := range slices.Sorted(maps.Keys(s.Suppliers[i].Draw)) {
			for range 2 {
				wanted = append(wanted, &wantedPhoto{&s.Suppliers[i], defect, uint32(100 + len(wanted)), nil})
			}
		}
	}
	if err := eachOf(wanted, func(w *wantedPhoto) error { return w.take(ctx, archive, width*2/3) }); err != nil {
		return nil, err
	}
	for _, w := range wanted {
		code := w.of.Party.Code
		name := fmt.Sprintf("IMG_%d_%s.jpg", 4000+w.seed, w.defect)
		p.neighbours[code] = append(p.neighbours[code], picked{w.defect, name, w.file})
	}
	return p, nil
}

type wantedPhoto struct {
	of     *supplier
	defect string
	seed   uint32
	file   *models.File
}

func (w *wantedPhoto) take(ctx context.Context, archive *files.Archive, width int) error {
	b, err := closeUp(width, width*3/4, w.of.Material, w.of.Draw[w.defect], w.seed)
	if err == nil {
		w.file, err = archive.Take(ctx, models.FilePhoto, bytes.NewReader(b))
	}
	return err
}

// eachOf does the work of all, two at a time, and returns the first failure.
func eachOf[T any](all []T, work func(T) error) error {
	var group sync.WaitGroup
	var once sync.Once
	var failure error
	next := make(chan T)
	for range 2 {
		group.Go(func() {
			for one := range next {
				if err := work(one); err != nil {
					once.Do(func() { failure = err })
				}
			}
		})
	}
	for _, one := range all {
		next <- one
	}
	close(next)
	group.Wait()
	return failure
}

// photograph ties a picture to a finding of a recent visit that it shows. Each
// picture is taken once; the last two are kept for the latest visit.
func (d *deal) photograph(by models.Actor, l *inspections.LotRecord) error {
	code := d.supplier.Party.Code
	if d.visit.Before(d.day(-240)) || d.visit.Before(d.day(d.supplier.Latest)) && len(d.pictures[code]) <= 2 {
		return nil
	}
	for n := range l.Findings {
		f := &l.Findings[n]
		at := slices.IndexFunc(d.pictures[code], func(p picked) bool { return p.defect == f.Defect })
		if at < 0 {
			continue
		}
		photo := d.pictures[code][at]
		d.pictures[code] = slices.Delete(slices.Clone(d.pictures[code]), at, at+1)
		if err := files.Record(d.ctx, d.tx, by, photo.name, photo.file); err != nil {
			return err
		}
		f.Photos = append(f.Photos, inspections.PhotoInput{SHA256: photo.file.SHA256, Caption: caption(d.supplier, f.Defect), TakenAt: &by.At})
	}
	return nil
}

// caption says what a photo shows.
func caption(s *supplier, code string) string {
	x, _ := s.Standard.Content.Defect(code)
	return x.Name.ZH + " " + x.Name.EN
}
