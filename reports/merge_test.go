package reports

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func TestMerge(t *testing.T) {
	a := mustPaper(t, papers()["rebuttal"], options("both", Customer, nil))
	b := mustPaper(t, papers()["debit note"], options("zh", Internal, nil))
	count := func(pdf []byte) int {
		t.Helper()
		n, err := Pages(bytes.NewReader(pdf))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	var out bytes.Buffer
	if err := Merge(&out, []io.ReadSeeker{bytes.NewReader(a), bytes.NewReader(b), bytes.NewReader(a)}); err != nil {
		t.Fatal(err)
	}
	if got, want := count(out.Bytes()), 2*count(a)+count(b); got != want {
		t.Errorf("merged %d pages, want %d", got, want)
	}
	checkQPDF(t, out.Bytes())
}

func TestPagesRefusesForeignFiles(t *testing.T) {
	whole := mustPaper(t, papers()["8D"], options("en", Internal, nil))
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("%PDF-1.4 not really"), "cut": whole[:len(whole)/2], "long": []byte(strings.Repeat("%PDF", 1000))} {
		if n, err := Pages(bytes.NewReader(data)); err == nil && name != "cut" {
			t.Errorf("Pages(%s) = %d, want an error", name, n)
		}
	}
	if err := Merge(io.Discard, nil); err == nil {
		t.Error("Merge of nothing is done")
	}
}
