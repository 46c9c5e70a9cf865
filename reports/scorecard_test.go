package reports

import (
	"bytes"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"recourse/models"
)

func mustCard(t testing.TB, f ScorecardFile, opts Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WriteScorecard(&out, f, opts); err != nil {
		t.Fatalf("WriteScorecard(%s, %s, %s) = %v", f.Card.Number, opts.Lang, opts.Edition, err)
	}
	return out.Bytes()
}

func mustRanking(t testing.TB, f RankingFile, opts Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WriteRanking(&out, f, opts); err != nil {
		t.Fatalf("WriteRanking(%s) = %v", opts.Lang, err)
	}
	return out.Bytes()
}

// codes are what stands on a card or ranking as a word, a colour or beside a value; a
// defect after the tenth stands among the others.
var codes = regexp.MustCompile(`^(Customers|Sales|Others)|\.(Code|Kind|State|PeriodKind|Measure|Currency|Unit)$|\.Pareto\[1\d\]`)

func TestScorecardPrintsEveryCharacter(t *testing.T) {
	weights, err := typefaces()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]ScorecardFile{"full": scorecardFile(), "empty": emptyCard(), "lucky": luckyCard(), "long": longCard()}
	long := files["full"]
	long.Card.Content.Actions = append(slices.Clone(long.Card.Content.Actions), models.CardAction{Number: "CA-9", Problem: strings.Repeat("纸护角压损 crushed ", 60), State: "open", OpenedOn: "2026-10-01"})
	files["full"] = long
	for name, f := range files {
		for _, lang := range Langs {
			for _, edition := range []Edition{Internal, Supplier} {
				pdf := mustCard(t, f, options(lang, edition, nil))
				checkFile(t, pdf)
				got, found := body(t, pdf), 0
				recorded(reflect.ValueOf(f.edition(edition, lang)), "", lang, func(path, text string) {
					if codes.MatchString(path) || name == "long" && strings.Contains(path, ".Pareto[") || text == "" {
						return
					}
					found++
					if want := squeeze(weights[0].clean(text, func(rune, int) {})); !inPieces(got, want) {
						t.Errorf("%s, %s, %s: %s = %q is not printed", name, lang, edition, path, text)
					}
				})
				if found < 30 {
					t.Errorf("%s, %s, %s: only %d texts compared", name, lang, edition, found)
				}
			}
		}
	}
}

func TestScorecardShowsItsFigures(t *testing.T) {
	got := body(t, mustCard(t, scorecardFile(), options("en", Internal, nil)))
	for _, want := range []string{
		"78.40", "5/18", "sharedwith1", "41/46", "n=46", "90.4[80.2–96.1]", "110/9210", "12345.67/9876543.21", "→31.58%", "Nodataintheperiod", "95.00%",
		"USD2813.00", "6472.55", "3883.53", "Overdue", "4others", "100.00%", "USD2026-09,EUR2026-10", scorecardFile().Card.ContentHash.String(), options("en", Internal, nil).AuditHead.String(),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the card does not show %q", want)
		}
	}
	if empty := body(t, mustCard(t, emptyCard(), options("en", Internal, nil))); !strings.Contains(empty, "Notrated") || strings.Contains(empty, "NaN") || strings.Contains(empty, "Inf") {
		t.Errorf("a card without data reads %q", empty)
	}
}

func TestSupplierReadsNothingOfOthers(t *testing.T) {
	secrets := []string{"汉堡", "hamburg", "hh02", "os07", "oslo", "sc-2026-031", "foshan", "佛山", "fs09", "2813.00", "920.00", "9876543", "12345.67"}
	for _, lang := range Langs {
		folded, _ := fold(squeeze(whole(t, mustCard(t, scorecardFile(), options(lang, Supplier, nil)))))
		for _, secret := range secrets {
			if strings.Contains(string(folded), secret) {
				t.Errorf("the supplier's card in %s shows %q", lang, secret)
			}
		}
		if own := squeeze(scorecardFile().Card.Content.SupplierName.In(lang)); !strings.Contains(string(folded), strings.ToLower(own)) {
			t.Errorf("the supplier's card in %s lost its own name to another's, which is a part of it", lang)
		}
	}
	few := luckyCard()
	few.Card.Content.Peers.Best = ptr(models.Percent(9131))
	if got := body(t, mustCard(t, few, options("en", Supplier, nil))); strings.Contains(got, "91.31") || strings.Contains(got, "70.00") {
		t.Error("of two suppliers, the card tells the other one's score")
	}
}

func TestRankingPrintsEveryCharacter(t *testing.T) {
	weights, err := typefaces()
	if err != nil {
		t.Fatal(err)
	}
	f := rankingFile(30)
	for _, lang := range Langs {
		pdf := mustRanking(t, f, options(lang, Internal, nil))
		checkFile(t, pdf)
		got := squeeze(whole(t, pdf))
		recorded(reflect.ValueOf(f), "", lang, func(path, text string) {
			if codes.MatchString(path) || strings.Contains(path, ".Indicators[") || text == "" { // of the indicators not all have a column
				return
			}
			if want := squeeze(weights[0].clean(text, func(rune, int) {})); !inPieces(got, want) {
				t.Errorf("%s: %s = %q is not printed", lang, path, text)
			}
		})
		for _, want := range []string{"1第1", "2=", "94.12", "n=9210"} {
			if !strings.Contains(got, want) && (lang == "zh" || want != "1第1") {
				t.Errorf("%s: the ranking does not show %q", lang, want)
			}
		}
	}
	if got := whole(t, mustRanking(t, RankingFile{}, options("en", Internal, nil))); !strings.Contains(got, "No supplier has data") {
		t.Errorf("an empty ranking reads %q", got)
	}
}

func TestScorecardsAreRepeatableAndRefuse(t *testing.T) {
	if !bytes.Equal(mustCard(t, longCard(), options("both", Supplier, nil)), mustCard(t, longCard(), options("both", Supplier, nil))) {
		t.Error("the same card gives other bytes")
	}
	if !bytes.Equal(mustRanking(t, rankingFile(9), options("both", Internal, nil)), mustRanking(t, rankingFile(9), options("both", Internal, nil))) {
		t.Error("the same ranking gives other bytes")
	}
	for field, o := range map[string]Options{"lang": {Lang: "de", Edition: Internal}, "edition": {Lang: "zh", Edition: Customer}} {
		for what, err := range map[string]error{"WriteScorecard": WriteScorecard(io.Discard, scorecardFile(), o), "WriteRanking": WriteRanking(io.Discard, rankingFile(3), o)} {
			if e, ok := err.(*models.Error); !ok || e.Field != field {
				t.Errorf("%s(%s, %s) = %v, want an error on %s", what, o.Lang, o.Edition, err, field)
			}
		}
	}
	if err := WriteRanking(io.Discard, rankingFile(3), Options{Lang: "zh", Edition: Supplier}); !models.IsCode(err, models.CodeInvalid) {
		t.Errorf("a ranking for a supplier = %v, want invalid", err)
	}
}

func TestScaleOfCharts(t *testing.T) {
	for v, want := range map[float64]float64{0: 1, 0.4: 0.5, 1: 1, 1.1: 2, 2.3: 2.5, 3.6: 5, 5.1: 10, 99: 100, 101: 200} {
		if got := ceiling(v); got != want {
			t.Errorf("ceiling(%v) = %v, want %v", v, got, want)
		}
	}
	for v, want := range map[float64]string{0: "0", 0.1254: "0.125", 1.194: "1.19", 46.5: "46.5", 1234.5: "1234"} {
		if got := digits(v); got != want {
			t.Errorf("digits(%v) = %q, want %q", v, got, want)
		}
	}
}

// TestNoWordIsHidden: a key of one table would hide that of the next.
func TestNoWordIsHidden(t *testing.T) {
	for key := range claimWords {
		if _, taken := words[key]; taken {
			t.Errorf("word %q has two wordings", key)
		}
	}
	for key := range scoreWords {
		if _, taken := words[key]; taken {
			t.Errorf("word %q has two wordings", key)
		}
		if _, taken := claimWords[key]; taken {
			t.Errorf("word %q has two wordings", key)
		}
	}
}
