package reports

import (
	"os"
	"testing"
)

func TestLook(t *testing.T) {
	in, pictures := sample(24)
	for _, lang := range Langs {
		o := options(lang, Internal, pictures)
		o.Draft = lang == "en"
		os.WriteFile("/tmp/rep-"+lang+".pdf", mustWrite(t, in, o), 0o644)
	}
	os.WriteFile("/tmp/rep-cust.pdf", mustWrite(t, in, options("both", Customer, pictures)), 0o644)
}
