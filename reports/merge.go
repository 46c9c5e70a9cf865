package reports

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// noFolder keeps the library from making a folder of its own in the user's home.
var noFolder = sync.OnceFunc(api.DisableConfigDir)

func mergeSettings() *model.Configuration {
	noFolder()
	c := model.NewDefaultConfiguration()
	c.ValidationMode = model.ValidationRelaxed
	c.Offline = true
	return c
}

// Pages counts the pages of a PDF. A file that cannot be read, or wants a
// password, is an error: it goes beside a dossier, not into it.
func Pages(pdf io.ReadSeeker) (n int, err error) {
	defer recovered(&err)
	n, err = api.PageCount(pdf, mergeSettings())
	if err != nil {
		return 0, fmt.Errorf("reports: count pages: %w", err)
	}
	_, err = pdf.Seek(0, io.SeekStart)
	return n, err
}

// Merge writes one PDF of several, in their order.
func Merge(w io.Writer, parts []io.ReadSeeker) (err error) {
	defer recovered(&err)
	if len(parts) == 0 {
		return errors.New("reports: nothing to merge")
	}
	if err := api.MergeRaw(parts, w, false, mergeSettings()); err != nil {
		return fmt.Errorf("reports: merge: %w", err)
	}
	return nil
}

// recovered turns a panic of the library, met on foreign files, into an error.
func recovered(err *error) {
	if failure := recover(); failure != nil {
		*err = fmt.Errorf("reports: %v", failure)
	}
}
