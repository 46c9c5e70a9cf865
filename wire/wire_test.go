package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"recourse/models"
)

type inner struct {
	Units int             `json:"units" validate:"min=0"`
	Value models.Decimal  `json:"value"`
	Count models.Quantity `json:"count"`
}

type base struct {
	Scheme string `json:"scheme"`
}

type sample struct {
	base
	Name   string            `json:"name" validate:"max=5"`
	Lots   []lot             `json:"lots" validate:"max=3,dive"`
	Tags   map[string]string `json:"tags"`
	ID     models.ID         `json:"id"`
	On     models.Date       `json:"on"`
	At     time.Time         `json:"at"`
	Price  models.Money      `json:"price"`
	Share  *float64          `json:"share"`
	Done   bool              `json:"done"`
	Small  int8              `json:"small"`
	Any    any               `json:"any"`
	Hidden string            `json:"-"`
	Kind   string            `json:"kind" validate:"omitempty,oneof=initial final"`
}

type lot struct {
	Findings []inner `json:"findings" validate:"dive"`
}

func TestDecode(t *testing.T) {
	text := ` {"scheme":"z1.4","name":"天花板","lots":[{"findings":[{"units":2,"value":"594.0","count":37.125},{"value":-1.50,"units":0}]},{}],
		"tags":{"thickness":"9.5"},"id":"0190a5c8-0000-7000-8000-000000000001","on":"2026-04-20","at":"2026-04-20T08:30:00+08:00",
		"price":{"amount":"626.40","currency":"USD"},"share":0.12,"done":true,"small":-128,"any":{"a":[1,"\"x\u00e9\ud83d\ude00"]}} `
	var got sample
	if err := Decode([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	share := 0.12
	id, _ := models.ParseID("", "0190a5c8-0000-7000-8000-000000000001")
	want := sample{
		base: base{"z1.4"}, Name: "天花板", Tags: map[string]string{"thickness": "9.5"}, ID: id, On: "2026-04-20",
		At: got.At, Price: models.Money{Minor: 62640, Currency: "USD"}, Share: &share, Done: true, Small: -128,
		Any:  map[string]any{"a": []any{1.0, "\"xé😀"}},
		Lots: []lot{{[]inner{{2, models.MustDecimal("594.0"), 37125}, {0, models.MustDecimal("-1.50"), 0}}}, {}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sample{}), cmp.Comparer(func(a, b models.Decimal) bool { return a == b })); diff != "" {
		t.Errorf("Decode (-want +got):\n%s", diff)
	}
	if got.At.Format(time.RFC3339) != "2026-04-20T08:30:00+08:00" {
		t.Errorf("at = %v, want its offset kept", got.At)
	}
}

// TestDecodeRefuses names every input with the code and the field of its refusal.
func TestDecodeRefuses(t *testing.T) {
	malformed, invalid := models.CodeMalformed, models.CodeInvalid
	deep := strings.Repeat(`{"any":`, 1) + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}"
	for _, c := range []struct {
		in    string
		code  models.Code
		field string
	}{
		{"", malformed, ""},
		{"   ", malformed, ""},
		{"null", invalid, ""},
		{"[]", invalid, ""},
		{`"x"`, invalid, ""},
		{`{`, malformed, ""},
		{`{"name"`, malformed, ""},
		{`{"name":`, malformed, "name"},
		{`{"name":"a"`, malformed, ""},
		{`{"name":"a",}`, malformed, ""},
		{`{"name":"a" "done":true}`, malformed, ""},
		{`{name:"a"}`, malformed, ""},
		{`{'name':"a"}`, malformed, ""},
		{`{"":1}`, malformed, ""},
		{`{"name":"a"}x`, malformed, ""},
		{`{"name":"a"}{}`, malformed, ""},
		{`{"name":"a"}` + "\x00", malformed, ""},
		{"\xef\xbb\xbf{}", malformed, ""},
		{"{\"name\":\"\xff\"}", malformed, ""},
		{"{\"name\":\"a\nb\"}", malformed, "name"},
		{`{"name":"\ud800"}`, malformed, "name"},
		{`{"name":"\ud800\u0041"}`, malformed, "name"},
		{`{"name":"\udc00\ud800"}`, malformed, "name"},
		{`{"name":"a\u0000"}`, malformed, "name"},
		{`{"name":"\x"}`, malformed, "name"},
		{`{"name":"\u12"}`, malformed, "name"},
		{`{"name":"\`, malformed, "name"},
		{`{"name":1}`, invalid, "name"},
		{`{"name":null}`, invalid, "name"},
		{`{"Name":"a"}`, malformed, "Name"},
		{`{"nane":"a"}`, malformed, "nane"},
		{`{"Hidden":"a"}`, malformed, "Hidden"},
		{`{"name":"a","name":"a"}`, malformed, "name"},
		{`{"n\u0061me":"a","name":"a"}`, malformed, "name"},
		{`{"scheme":"a","scheme":"a"}`, malformed, "scheme"},
		{`{"tags":{"a":"1","a":"2"}}`, malformed, "tags.a"},
		{`{"tags":{"a":1}}`, invalid, "tags.a"},
		{`{"any":{"a":1,"a":2}}`, malformed, "any.a"},
		{`{"lots":{}}`, invalid, "lots"},
		{`{"lots":[{"findings":[{"units":1},{"unit":1}]}]}`, malformed, "lots[0].findings[1].unit"},
		{`{"lots":[{},{},{"findings":[{},{"units":"1"}]}]}`, invalid, "lots[2].findings[1].units"},
		{`{"lots":[{"findings":[{"units":1.5}]}]}`, invalid, "lots[0].findings[0].units"},
		{`{"lots":[{"findings":[{"units":1e2}]}]}`, invalid, "lots[0].findings[0].units"},
		{`{"lots":[{"findings":[{"units":01}]}]}`, malformed, "lots[0].findings[0]"},
		{`{"lots":[{"findings":[{"units":+1}]}]}`, malformed, "lots[0].findings[0].units"},
		{`{"lots":[{"findings":[{"units":-}]}]}`, malformed, "lots[0].findings[0].units"},
		{`{"lots":[{"findings":[{"units":99999999999999999999}]}]}`, invalid, "lots[0].findings[0].units"},
		{`{"lots":[{"findings":[{"value":"1,15"}]}]}`, invalid, "lots[0].findings[0].value"},
		{`{"lots":[{"findings":[{"value":"1e9"}]}]}`, invalid, "lots[0].findings[0].value"},
		{`{"lots":[{"findings":[{"value":1e999999999}]}]}`, invalid, "lots[0].findings[0].value"},
		{`{"lots":[{"findings":[{"value":"１．５"}]}]}`, invalid, "lots[0].findings[0].value"},
		{`{"lots":[{"findings":[{"value":true}]}]}`, invalid, "lots[0].findings[0].value"},
		{`{"lots":[{"findings":[{"count":-1}]}]}`, invalid, "lots[0].findings[0].count"},
		{`{"lots":[{"findings":[{"count":"1,5"}]}]}`, invalid, "lots[0].findings[0].count"},
		{`{"lots":[{"findings":[{"count":1.2345}]}]}`, invalid, "lots[0].findings[0].count"},
		{`{"small":128}`, invalid, "small"},
		{`{"small":true}`, invalid, "small"},
		{`{"done":"true"}`, invalid, "done"},
		{`{"done":1}`, invalid, "done"},
		{`{"done":tru}`, malformed, "done"},
		{`{"share":"0.5"}`, invalid, "share"},
		{`{"share":1e999}`, invalid, "share"},
		{`{"share":NaN}`, malformed, "share"},
		{`{"id":"x"}`, invalid, "id"},
		{`{"id":1}`, invalid, "id"},
		{`{"on":"20.04.2026"}`, invalid, "on"},
		{`{"on":"2026-02-30"}`, invalid, "on"},
		{`{"at":"2026-04-20T08:30:00"}`, invalid, "at"},
		{`{"at":"9999-04-20T08:30:00Z"}`, invalid, "at"},
		{`{"price":{"amount":"1.234","currency":"USD"}}`, invalid, "price.amount"},
		{`{"price":{"amount":"1","currency":"usd"}}`, invalid, "price.currency"},
		{`{"price":{"amount":"1","currency":"USD","minor":1}}`, malformed, "price.minor"},
		{`{"price":"USD 1"}`, invalid, "price"},
		{deep, malformed, "any" + strings.Repeat("[0]", maxDepth)},
	} {
		var v sample
		err := Decode([]byte(c.in), &v)
		var e *models.Error
		if !errors.As(err, &e) {
			t.Errorf("Decode(%.80q) = %v, want a refusal", c.in, err)
			continue
		}
		if e.Code != c.code || e.Field != c.field {
			t.Errorf("Decode(%.80q) = %s %q (%s), want %s %q", c.in, e.Code, e.Field, e.Message.EN, c.code, c.field)
		}
		if e.Message.EN == "" || e.Message.ZH == "" || strings.Contains(e.Message.EN+e.Message.ZH, "%!") {
			t.Errorf("Decode(%.80q) says %+v, want both languages", c.in, e.Message)
		}
	}
}

func TestDecodeTakesNullForNotGiven(t *testing.T) {
	share := 1.0
	v := sample{Share: &share, Tags: map[string]string{"a": "b"}, On: "2026-01-01"}
	if err := Decode([]byte(`{"share":null,"tags":null,"on":null,"lots":null,"any":null,"id":null}`), &v); err != nil {
		t.Fatal(err)
	}
	if v.Share != nil || v.Tags != nil || v.On != "" {
		t.Errorf("got %+v, want nothing given", v)
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		in        sample
		field, en string
	}{
		{sample{}, "", ""},
		{sample{Name: "12345", Kind: "final"}, "", ""},
		{sample{Name: "一二三四五六"}, "name", "must have at most 5 characters."},
		{sample{Kind: "x"}, "kind", "must be one of: initial, final."},
		{sample{Lots: make([]lot, 4)}, "lots", "must have at most 3 entries."},
		{sample{Lots: []lot{{}, {[]inner{{}, {Units: -1}}}}}, "lots[1].findings[1].units", "must be at least 0."},
	} {
		err := Validate(&c.in)
		var e *models.Error
		errors.As(err, &e)
		switch {
		case c.field == "" && err != nil:
			t.Errorf("Validate(%+v) = %v, want nil", c.in, err)
		case c.field != "" && (e == nil || e.Field != c.field || e.Message.EN != c.en || e.Message.ZH == "" || e.Code != models.CodeInvalid):
			t.Errorf("Validate(%+v) = %+v, want %s: %s", c.in, e, c.field, c.en)
		}
	}
	if err := Validate([]int{1}); err != nil {
		t.Errorf("Validate(list) = %v, want nil", err)
	}
}

func TestQuery(t *testing.T) {
	type asked struct {
		Lot   *int           `json:"lot"`
		Share float64        `json:"share"`
		On    models.Date    `json:"on"`
		All   bool           `json:"all"`
		AQL   models.Decimal `json:"aql"`
	}
	for _, c := range []struct{ query, field string }{
		{"lot=12&share=0.5&on=2026-04-20&all=true&aql=2.5", ""},
		{"", ""},
		{"lot=", "lot"},
		{"lot=1.5", "lot"},
		{"lot=99999999999999999999", "lot"},
		{"lots=1", "lots"},
		{"Lot=1", "Lot"},
		{"lot=1&lot=1", "lot"},
		{"share=x", "share"},
		{"on=x", "on"},
		{"all=maybe", "all"},
		{"aql=2,5", "aql"},
	} {
		values, _ := url.ParseQuery(c.query)
		var v asked
		err := Query(values, &v)
		var e *models.Error
		errors.As(err, &e)
		if c.field == "" && err != nil || c.field != "" && (e == nil || e.Field != c.field) {
			t.Errorf("Query(%q) = %v, want refused field %q", c.query, err, c.field)
		}
	}
}

// FuzzDecode: what is accepted is JSON, is read as encoding/json reads it, and
// what is refused is refused by name.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{}`, `{"name":"a","lots":[{"findings":[{"units":1,"value":"1.5"}]}]}`, `{"any":[1,{"a":null}]}`, `{"name":"\ud83d\ude00"}`, `[`, `{"tags":{"a":"b"}}`, "{\"name\":\"\\"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got, want sample
		err := Decode(data, &got)
		var e *models.Error
		if err != nil {
			if !errors.As(err, &e) {
				t.Fatalf("Decode(%q) = %v, want a refusal by name", data, err)
			}
			return
		}
		if !json.Valid(data) {
			t.Fatalf("Decode(%q) accepts what isn't JSON", data)
		}
		_ = Validate(&got)
		if err := json.Unmarshal(data, &want); err == nil && (got.Name != want.Name || got.Done != want.Done || len(got.Lots) != len(want.Lots)) {
			t.Fatalf("Decode(%q) = %+v, want %+v", data, got, want)
		}
	})
}

// visit is the JSON of a full inspection: 30 characteristics with 10 readings each, 8 findings.
func visit() []byte {
	var b strings.Builder
	b.WriteString(`{"name":"x","lots":[`)
	for l := range 3 {
		if l > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"findings":[`)
		for i := range 110 {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"units": %d, "value": "%d.%03d", "count": %d.5}`, i, 590+i, i, i)
		}
		b.WriteString(`]}`)
	}
	b.WriteString(`]}`)
	return []byte(b.String())
}

func BenchmarkRead(b *testing.B) {
	data := visit()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var v sample
		if err := Read(data, &v); err != nil {
			b.Fatal(err)
		}
	}
}

func TestEmbeddedStructsAreNoStepOfAPath(t *testing.T) {
	var refused *models.Error
	type Outer struct {
		Kind string `json:"kind" validate:"oneof=a b"`
	}
	type input struct {
		Outer
		List []Outer `json:"list" validate:"dive"`
	}
	var in input
	in.Kind, in.List = "a", []Outer{{"c"}}
	if err := Validate(in); !errors.As(err, &refused) || refused.Field != "list[0].kind" {
		t.Errorf("Validate = %v, want list[0].kind refused", err)
	}
	in.Kind = "c"
	if err := Validate(in); !errors.As(err, &refused) || refused.Field != "kind" {
		t.Errorf("Validate = %v, want kind refused", err)
	}
}
