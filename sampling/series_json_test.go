package sampling

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const goodLot = `{"size":2000,"found":0,"original":true,"steady":true,"approved":true,"resume":false}`

func TestParseSeries(t *testing.T) {
	limit := 7
	got, err := ParseSeries([]byte(`{"scheme":"z1.4","level":"II","aql":"1","limit_number":7,"lots":[` + goodLot + `,{"size":5,"found":1,"original":false,"steady":false,"approved":false}]} `))
	want := Series{Rules{Z14, LevelII, "1", &limit}, []Lot{{Size: 2000, Original: true, Steady: true, Approved: true}, {Size: 5, Found: 1}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("ParseSeries error %v, -want +got:\n%s", err, diff)
	}
	for _, ok := range []string{
		`{"scheme":"iso2859-1","level":"II","aql":"1.0","limit_number":null,"lots":[]}`,
		`{"scheme":"iso2859-1","level":"II","aql":"1.0","lots":[` + goodLot + `]}`,
	} {
		if got, err := ParseSeries([]byte(ok)); err != nil || got.LimitNumber != nil {
			t.Errorf("ParseSeries(%s) = %v, %v", ok, got, err)
		}
	}
}

func TestParseSeriesRefuses(t *testing.T) {
	series := func(lot string) string {
		return `{"scheme":"iso2859-1","level":"II","aql":"1.0","limit_number":null,"lots":[` + goodLot + `,` + lot + `]}`
	}
	for _, c := range []struct{ data, field, words string }{
		{``, "series", "JSON object"},
		{`[]`, "series", "JSON object"},
		{`{"scheme":`, "series", "JSON object"},
		{series(goodLot) + `{}`, "series", "something follows"},
		{`{"scheme":"z1.4","scheme":"z1.4"}`, "series", `"scheme" is given twice`},
		{`{"Scheme":"z1.4"}`, "series", `"Scheme" is unknown`},
		{`{"scheme":"z1.4"}`, "level", "missing"},
		{`{"scheme":1}`, "scheme", "a text"},
		{series(`null`), "lots[1]", "JSON object"},
		{series(strings.Replace(goodLot, `"found":0`, `"found":1.5`, 1)), "lots[1].found", "whole number"},
		{series(strings.Replace(goodLot, `"found":0`, `"found":"1,15"`, 1)), "lots[1].found", "whole number"},
		{series(strings.Replace(goodLot, `"found":0`, `"found":null`, 1)), "lots[1].found", "null"},
		{series(strings.Replace(goodLot, `"found":0`, `"Found":0`, 1)), "lots[1]", `"Found" is unknown`},
		{series(strings.Replace(goodLot, `"found":0,`, ``, 1)), "lots[1].found", "missing"},
		{series(strings.Replace(goodLot, `"original":true,`, ``, 1)), "lots[1].original", "missing"},
		{series(strings.Replace(goodLot, `"steady":true`, `"steady":"yes"`, 1)), "lots[1].steady", "true or false"},
		{series(strings.Replace(goodLot, `"resume":false`, `"resume":false,"resume":true`, 1)), "lots[1]", "given twice"},
		{series(strings.Replace(goodLot, `"size":2000`, `"size":99999999999999999999`, 1)), "lots[1].size", "whole number"},
	} {
		_, err := ParseSeries([]byte(c.data))
		refused, ok := err.(*Error)
		if !ok || refused.Field != c.field || !strings.Contains(refused.EN, c.words) || strings.Contains(refused.Error(), "\n") {
			t.Errorf("ParseSeries(%s) error = %v, want field %s and %q", c.data, err, c.field, c.words)
		}
	}
}

func TestSeverityJSONKeys(t *testing.T) {
	got, err := json.Marshal(mustSwitch(t, k125, lots(0))[0])
	want := `{"severity":"normal","plan_letter":"K","sample_size":125,"ac":3,"re":4,"accepted":true,"score":3,"next":"normal",` +
		`"reason":"normal inspection goes on: the switching score is 3 of 30","reason_code":"stays","reason_zh":"继续正常检验：转移得分为3（需30）"}`
	if err != nil || string(got) != want {
		t.Errorf("JSON = %s, %v, want %s", got, err, want)
	}
}

// Whatever bytes come, the answer is a series that encodes and parses to itself, or an *Error of one line.
func FuzzParseSeries(f *testing.F) {
	f.Add([]byte(`{"scheme":"z1.4","level":"II","aql":"1.0","limit_number":5,"lots":[` + goodLot + `]}`))
	f.Add([]byte(`{"scheme":"iso2859-1","level":"S-4","aql":".4","lots":[]}`))
	f.Add([]byte(`{"lots":[{}],"lots":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := ParseSeries(data)
		if err != nil {
			if _, ok := err.(*Error); !ok || strings.Contains(err.Error(), "\n") {
				t.Fatalf("ParseSeries(%q) error = %#v", data, err)
			}
			return
		}
		again, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := ParseSeries(again); err != nil || !cmp.Equal(in, twice) {
			t.Fatalf("ParseSeries(%s) = %v, %v, want %v", again, twice, err, in)
		}
		if _, err := Switch(in); err != nil {
			if _, ok := err.(*Error); !ok {
				t.Fatalf("Switch(%s) error = %#v", again, err)
			}
		}
	})
}

// Every accepted spelling is normal after one reading, and never changes the value.
func FuzzParseAQL(f *testing.F) {
	for _, seed := range []string{"1", ".4", "2.0", "1,15", "0.0100", "1000", "٢", "1e3", " 2.5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		aql, err := ParseAQL(text)
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Field != "aql" || e.EN == "" || e.ZH == "" {
				t.Fatalf("ParseAQL(%q) error = %#v", text, err)
			}
			return
		}
		if again, err := ParseAQL(string(aql)); err != nil || again != aql {
			t.Fatalf("ParseAQL(%q) = %q, read again %q, %v", text, aql, again, err)
		}
		if value := AQL(strings.TrimSpace(text)).value(); value != aql.value() {
			t.Fatalf("ParseAQL(%q) = %q: %v is not %v", text, aql, aql.value(), value)
		}
	})
}
