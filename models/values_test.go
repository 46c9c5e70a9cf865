package models

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

func TestParseDecimal(t *testing.T) {
	for _, good := range []string{"0", "594.0", "-12.50", "0.000000001", "999999999999999"} {
		if d, err := ParseDecimal("x", good); err != nil || d.String() != good {
			t.Errorf("ParseDecimal(%q) = %v, %v, want it back as written", good, d, err)
		}
	}
	for _, bad := range []string{"", "1,15", "1 000", "1e3", "1e999999999", ".5", "5.", "+1", "１２", "0x10", "NaN", "1234567890123456", "0.0000000001", "999999999999999.999999999"} {
		if d, err := ParseDecimal("x", bad); !IsCode(err, CodeInvalid) {
			t.Errorf("ParseDecimal(%q) = %v, %v, want invalid", bad, d, err)
		}
	}
}

func TestDecimalScaled(t *testing.T) {
	tests := []struct {
		in     string
		places int
		want   int64
		exact  bool
	}{{"594.0", 1, 5940, true}, {"594.0", 0, 594, true}, {"594.5", 0, 0, false}, {"-0.25", 2, -25, true}, {"7", 3, 7000, true}}
	for _, test := range tests {
		got, exact := MustDecimal(test.in).Scaled(test.places)
		if exact != test.exact || exact && got != test.want {
			t.Errorf("%s.Scaled(%d) = %d, %v, want %d, %v", test.in, test.places, got, exact, test.want, test.exact)
		}
	}
}

// TestDecimalIsExact holds the arithmetic on integers against that of big numbers.
func TestDecimalIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Decimal {
			return DecimalFromScaled(rapid.Int64().Draw(t, name), rapid.IntRange(0, 9).Draw(t, name+" places"))
		}
		d, e, places := draw("d"), draw("e"), rapid.IntRange(0, 12).Draw(t, "places")
		if got, want := d.String(), d.Exact().StringFixed(int32(d.Places())); got != want {
			t.Errorf("String() = %s, want %s", got, want)
		}
		if got, want := d.Cmp(e), d.Exact().Cmp(e.Exact()); got != want {
			t.Errorf("%s.Cmp(%s) = %d, want %d", d, e, got, want)
		}
		scaled := d.Exact().Shift(int32(places))
		exact := scaled.IsInteger() && scaled.BigInt().IsInt64()
		if got, ok := d.Scaled(places); ok != exact || ok && got != scaled.IntPart() {
			t.Errorf("%s.Scaled(%d) = %d, %v, want %s, %v", d, places, got, ok, scaled, exact)
		}
	})
}

func TestDecimalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.IntRange(0, 9).Draw(t, "places")
		d := DecimalFromScaled(rapid.Int64Range(-999_999_999_999_999, 999_999_999_999_999).Draw(t, "unscaled"), places)
		back, err := ParseDecimal("x", d.String())
		if err != nil || back.Cmp(d) != 0 || back.Places() != places {
			t.Fatalf("ParseDecimal(%s) = %v, %v", d, back, err)
		}
	})
}

func TestParseMoney(t *testing.T) {
	tests := []struct {
		amount, currency string
		minor            int64
		field            string // refused field, empty when good
	}{
		{"626.40", "USD", 62640, ""}, {"100", "JPY", 100, ""}, {"-3.50", "CNY", -350, ""}, {"1.234", "KWD", 1234, ""},
		{"1.005", "USD", 0, "p.amount"}, {"1.500", "USD", 0, "p.amount"}, {"100.0", "JPY", 0, "p.amount"},
		{"1", "XXQ", 0, "p.currency"}, {"1", "usd", 0, "p.currency"}, {"1,5", "USD", 0, "p.amount"},
	}
	for _, test := range tests {
		m, err := ParseMoney("p", test.amount, test.currency)
		if test.field == "" {
			if err != nil || m.Minor != test.minor {
				t.Errorf("ParseMoney(%s %s) = %v, %v, want %d", test.amount, test.currency, m, err, test.minor)
			}
			continue
		}
		e, ok := err.(*Error)
		if !ok || e.Field != test.field || e.Message.ZH == "" {
			t.Errorf("ParseMoney(%s %s) = %v, %v, want a refusal of %s in both languages", test.amount, test.currency, m, err, test.field)
		}
	}
}

func TestMoneyJSON(t *testing.T) {
	m := Money{62640, "USD"}
	b, err := json.Marshal(m)
	if err != nil || string(b) != `{"amount":"626.40","currency":"USD"}` {
		t.Fatalf("Marshal(%v) = %s, %v", m, b, err)
	}
	var back Money
	if err := json.Unmarshal(b, &back); err != nil || back != m {
		t.Errorf("Unmarshal(%s) = %v, %v, want %v", b, back, err, m)
	}
}

func TestLineTolerance(t *testing.T) {
	tests := []struct {
		quantity  Quantity
		percent   string
		least, up Quantity
	}{
		{Pieces(12000), "5", Pieces(11400), Pieces(12600)},
		{Pieces(3), "10", 2700, 3300},
		{Quantity(1), "5", 1, 1},
		{Pieces(100), "0", Pieces(100), Pieces(100)},
		{Pieces(1000), "2.5", Pieces(975), Pieces(1025)},
	}
	for _, test := range tests {
		l := ContractLine{Quantity: test.quantity, TolerancePercent: MustDecimal(test.percent)}
		if l.MinQuantity() != test.least || l.MaxQuantity() != test.up {
			t.Errorf("%s ± %s %%: %s … %s, want %s … %s", test.quantity, test.percent, l.MinQuantity(), l.MaxQuantity(), test.least, test.up)
		}
	}
}

func TestKey(t *testing.T) {
	for in, want := range map[string]string{
		"PC-2026-017": "pc-2026-017", "ＰＣ－２０２６": "pc-2026", "  A　B \t c ": "a b c", "Ｒｅｋｌ． 26/118": "rekl. 26/118",
	} {
		if got := Key(in); got != want {
			t.Errorf("Key(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestInspectionStates(t *testing.T) {
	all := []InspectionState{Planned, InProgress, Submitted, Final, Aborted}
	allowed := map[[2]InspectionState]bool{
		{Planned, InProgress}: true, {Planned, Aborted}: true, {InProgress, Submitted}: true, {InProgress, Aborted}: true, {Submitted, Final}: true,
	}
	for _, from := range all {
		for _, to := range all {
			if got := from.MayBecome(to); got != allowed[[2]InspectionState{from, to}] {
				t.Errorf("%s.MayBecome(%s) = %v", from, to, got)
			}
		}
	}
}

func TestSay(t *testing.T) {
	got := Say("%d of %d", "%[2]d 中的 %[1]d", 3, 5, "unused")
	if want := (Text{EN: "3 of 5", ZH: "5 中的 3"}); got != want {
		t.Errorf("Say = %+v, want %+v", got, want)
	}
	if got := Say("100 %% of it", "其中 100 %%"); got.EN != "100 % of it" || got.ZH != "其中 100 %" {
		t.Errorf("Say = %+v", got)
	}
}

func TestErrorAt(t *testing.T) {
	inner := Invalid("units", "no", "否")
	err := At("lots[0]", At("findings[2]", inner))
	if e := err.(*Error); e.Field != "lots[0].findings[2].units" {
		t.Errorf("At: field %q, want lots[0].findings[2].units", e.Field)
	}
	if inner.Field != "units" {
		t.Errorf("At changed the error it was given: %q", inner.Field)
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"1.5", "1e9", "１", "-0.0", "00012.30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDecimal("x", s)
		if err != nil {
			return
		}
		back, err := ParseDecimal("x", d.String())
		if err != nil || back.Cmp(d) != 0 {
			t.Errorf("ParseDecimal(%q).String() = %q does not parse back: %v", s, d, err)
		}
	})
}
