package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"recourse/files"
)

const reportRounds = 3

// measureReport compares printing a report with what headless Chromium takes for
// a page of the same text and pictures. Cold is a whole process, from its start to
// the file; stored is a request to a server.
func measureReport(ctx context.Context, b *bench) error {
	f, err := b.folder(ctx)
	if err != nil {
		return err
	}
	pdf := filepath.Join(b.dir, "report.pdf")
	var cold, memory []float64
	var text string
	browser := map[files.Size][]float64{}
	for range reportRounds {
		if err := f.forget(ctx); err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, b.binary, "report", "inspection", f.inspection.Number, "--lang", "both", "-o", pdf)
		cmd.Env = append(os.Environ(), "RECOURSE_DATA="+f.path)
		mb, took, err := peak(cmd)
		if err != nil {
			return err
		}
		cold, memory = append(cold, took.Seconds()), append(memory, mb)
		if text, err = textOf(ctx, pdf); err != nil {
			return err
		}
		for _, size := range []files.Size{files.Large, files.Original} {
			took, err := b.chromium(ctx, f, text, size)
			if err != nil {
				return err
			}
			browser[size] = append(browser[size], took.Seconds())
		}
	}
	name := fmt.Sprintf("report, %d pages, %d photos of %.1f MB", strings.Count(text, "\f"), photos, float64(f.bytes)/photos/1e6)
	b.atMost(name+", cold (a whole process)", median(cold), 1, seconds)
	b.atMost("report, memory of that process at its peak", median(memory), 200, megabytes)
	for size, what := range map[files.Size]string{files.Large: "the same pictures", files.Original: "the photos as sent"} {
		b.ratio("report, against Chromium with "+what, fmt.Sprintf("%s, Chromium %s", seconds(median(cold)), seconds(median(browser[size]))), median(browser[size])/median(cold), 10, true)
	}
	return b.stored(ctx, f)
}

// textOf is the text of a PDF, a form feed after each page.
func textOf(ctx context.Context, path string) (string, error) {
	out, err := exec.CommandContext(ctx, "pdftotext", "-layout", path, "-").Output()
	return string(out), err
}

// chromium prints a page with the report's text and pictures.
func (b *bench) chromium(ctx context.Context, f *folder, text string, size files.Size) (time.Duration, error) {
	dir := filepath.Join(b.dir, "page-"+string(size))
	if err := f.page(ctx, dir, text, size); err != nil {
		return 0, err
	}
	out := filepath.Join(dir, "page.pdf")
	cmd := exec.CommandContext(ctx, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf="+out, "file://"+filepath.Join(dir, "page.html"))
	_, took, err := peak(cmd)
	if err != nil {
		return 0, err
	}
	printed, err := textOf(ctx, out)
	if err == nil && !strings.Contains(printed, f.inspection.Number) {
		err = errors.New("chromium printed another page")
	}
	return took, err
}

// page writes the HTML page and its pictures.
func (f *folder) page(ctx context.Context, dir, text string, size files.Size) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var out strings.Builder
	out.WriteString("<!doctype html><meta charset=utf-8><style>@page{size:A4;margin:15mm}body{font:9pt sans-serif}img{width:85mm}figure{display:inline-block;margin:2mm}pre{font:6pt monospace}</style>\n")
	for sheet := range strings.SplitSeq(text, "\f") {
		out.WriteString("<section><pre>" + html.EscapeString(sheet) + "</pre></section>\n")
	}
	for n, p := range f.inspection.Photos {
		file := f.file(p.SHA256)
		content, err := f.archive.Open(ctx, &file, size)
		if err != nil {
			return err
		}
		data, err := io.ReadAll(content)
		if err = errors.Join(err, content.Close()); err != nil {
			return err
		}
		picture := fmt.Sprintf("%d.jpg", n)
		if err := os.WriteFile(filepath.Join(dir, picture), data, 0o600); err != nil {
			return err
		}
		out.WriteString("<figure><img src=" + picture + "><figcaption>" + html.EscapeString(p.Caption) + "</figcaption></figure>\n")
	}
	return os.WriteFile(filepath.Join(dir, "page.html"), []byte(out.String()), 0o600)
}

// stored measures the request for a report that was issued before.
func (b *bench) stored(ctx context.Context, f *folder) error {
	s, err := serveFiles(ctx, f.company, f.archive)
	if err != nil {
		return err
	}
	defer s.web.Close()
	path := "/api/v1/inspections/" + f.inspection.ID.String() + "/report?lang=both&edition=internal"
	first, err := s.do(ctx, "GET", path, nil)
	if err != nil {
		return err
	}
	var times []float64
	for range 30 {
		begun := time.Now()
		again, err := s.do(ctx, "GET", path, nil)
		if err != nil {
			return err
		}
		times = append(times, time.Since(begun).Seconds())
		if !bytes.Equal(first, again) {
			return errors.New("the stored report came back with other bytes")
		}
	}
	b.atMost(fmt.Sprintf("report, stored, over HTTP (%.1f MB)", float64(len(first))/1e6), median(times), 0.010, seconds)
	return nil
}
