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

// reportTimes are seconds of each round.
type reportTimes struct {
	process, memory, server, copies, originals []float64
	text                                       string
}

// measureReport compares printing a report with what headless Chromium takes for
// a page of the same text and pictures. It is printed by a whole process, from its
// start to the file, and by a running server, over HTTP; then it is stored.
func measureReport(ctx context.Context, b *bench) (err error) {
	f, err := b.folder(ctx)
	if err != nil {
		return err
	}
	s, err := serveFiles(ctx, f.company, f.archive)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.web.Close()) }()
	var t reportTimes
	for range reportRounds {
		if err := b.reportRound(ctx, f, s, &t); err != nil {
			return err
		}
	}
	name := fmt.Sprintf("report, %d pages, %d photos of %.1f MB", strings.Count(t.text, "\f"), photos, float64(f.bytes)/photos/1e6)
	process, server, copies, originals := median(t.process), median(t.server), median(t.copies), median(t.originals)
	b.atMost(name+", cold, a whole process", process, 1, seconds)
	b.atMost(name+", cold, by a server", server, 1, seconds)
	b.atMost("report, memory of the process at its peak", median(t.memory), 200, megabytes)
	against := func(what, ours string, own, theirs float64) {
		b.ratio("report, "+ours+", against Chromium with "+what, fmt.Sprintf("%s, Chromium %s", seconds(own), seconds(theirs)), theirs/own, 10, true)
	}
	against("the photos as sent", "a whole process", process, originals)
	against("the printed copies", "a whole process", process, copies)
	against("the printed copies", "by a server", server, copies)
	return b.stored(ctx, f, s)
}

// reportRound prints once in each way.
func (b *bench) reportRound(ctx context.Context, f *folder, s *site, t *reportTimes) error {
	if err := f.forget(ctx); err != nil {
		return err
	}
	begun := time.Now()
	if _, err := s.do(ctx, "GET", f.reportPath(), nil); err != nil {
		return err
	}
	t.server = append(t.server, time.Since(begun).Seconds())
	if err := f.forget(ctx); err != nil {
		return err
	}
	pdf := filepath.Join(b.dir, "report.pdf")
	cmd := exec.CommandContext(ctx, b.binary, "report", "inspection", f.inspection.Number, "--lang", "both", "-o", pdf)
	cmd.Env = append(os.Environ(), "RECOURSE_DATA="+f.path)
	mb, took, err := peak(cmd)
	if err != nil {
		return err
	}
	t.process, t.memory = append(t.process, took.Seconds()), append(t.memory, mb)
	if t.text, err = textOf(ctx, pdf); err != nil {
		return err
	}
	copies, err := b.chromium(ctx, f, t.text, files.Large)
	if err != nil {
		return err
	}
	originals, err := b.chromium(ctx, f, t.text, files.Original)
	t.copies, t.originals = append(t.copies, copies.Seconds()), append(t.originals, originals.Seconds())
	return err
}

func (f *folder) reportPath() string {
	return "/api/v1/inspections/" + f.inspection.ID.String() + "/report?lang=both&edition=internal"
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
func (b *bench) stored(ctx context.Context, f *folder, s *site) error {
	path := f.reportPath()
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
