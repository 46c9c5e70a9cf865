package models

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	for _, c := range []struct {
		amount, currency, zh, en string
	}{
		{"3883.53", "CNY", "叁仟捌佰捌拾叁元伍角叁分", "CNY three thousand eight hundred and eighty-three and 53/100"},
		{"2589.02", "CNY", "贰仟伍佰捌拾玖元零贰分", "CNY two thousand five hundred and eighty-nine and 02/100"},
		{"1000.00", "CNY", "壹仟元整", "CNY one thousand and 00/100"},
		{"10010.05", "CNY", "壹万零壹拾元零伍分", "CNY ten thousand and ten and 05/100"},
		{"100000000.01", "CNY", "壹亿元零壹分", "CNY one hundred million and 01/100"},
		{"1409.50", "CNY", "壹仟肆佰零玖元伍角", "CNY one thousand four hundred and nine and 50/100"},
		{"6007.14", "CNY", "陆仟零柒元壹角肆分", "CNY six thousand and seven and 14/100"},
		{"16409.02", "CNY", "壹万陆仟肆佰零玖元零贰分", "CNY sixteen thousand four hundred and nine and 02/100"},
		{"325.04", "CNY", "叁佰贰拾伍元零肆分", "CNY three hundred and twenty-five and 04/100"},
		{"107000.53", "CNY", "壹拾万柒仟元伍角叁分", "CNY one hundred and seven thousand and 53/100"},
		{"10000100.00", "CNY", "壹仟万零壹佰元整", "CNY ten million one hundred and 00/100"},
		{"100000005.00", "CNY", "壹亿零伍元整", "CNY one hundred million and five and 00/100"},
		{"1000000000000.00", "CNY", "壹万亿元整", "CNY one trillion and 00/100"},
		{"0.05", "CNY", "伍分", "CNY zero and 05/100"},
		{"0.50", "CNY", "伍角", "CNY zero and 50/100"},
		{"0.00", "CNY", "零元整", "CNY zero and 00/100"},
		{"10.00", "CNY", "壹拾元整", "CNY ten and 00/100"},
		{"-20.10", "CNY", "负贰拾元壹角", "CNY minus twenty and 10/100"},
		{"626.40", "USD", "美元陆佰贰拾陆元肆角", "USD six hundred and twenty-six and 40/100"},
		{"1000", "JPY", "日元壹仟元整", "JPY one thousand only"},
		{"1.005", "KWD", "科威特第纳尔壹元零伍厘", "KWD one and 005/1000"},
		{"7.00", "PEN", "PEN柒元整", "PEN seven and 00/100"},
	} {
		m, err := ParseMoney("", c.amount, c.currency)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.WordsZH(); got != c.zh {
			t.Errorf("WordsZH(%s) = %s, want %s", m, got, c.zh)
		}
		if got := m.WordsEN(); got != c.en {
			t.Errorf("WordsEN(%s) = %q, want %q", m, got, c.en)
		}
	}
}

// readZH reads capital numerals back, digit by digit, knowing nothing of how they were written.
func readZH(s string) int64 {
	digit := map[rune]int64{'零': 0, '壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}
	small := map[rune]int64{'拾': 10, '佰': 100, '仟': 1000}
	var minor, total, section, last int64
	sign := int64(1)
	for _, r := range s {
		switch r {
		case '负':
			sign = -1
		case '拾', '佰', '仟':
			section, last = section+last*small[r], 0
		case '万':
			total, section, last = total+(section+last)*10_000, 0, 0
		case '亿':
			total, section, last = (total+section+last)*100_000_000, 0, 0
		case '元':
			minor, total, section, last = (total+section+last)*100, 0, 0, 0
		case '角':
			minor, last = minor+last*10, 0
		case '分':
			minor, last = minor+last, 0
		case '整':
		default:
			last = digit[r]
		}
	}
	return sign * minor
}

// readEN reads English words back.
func readEN(s string) int64 {
	value := map[string]int64{}
	for n, w := range strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen") {
		value[w] = int64(n)
	}
	for n, w := range strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety") {
		value[w] = int64(20 + 10*n)
	}
	large := map[string]int64{"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "quadrillion": 1e15}
	s = strings.TrimPrefix(s, "CNY ")
	words, _, _ := strings.Cut(s, "/")
	cut := strings.LastIndex(words, " and ")
	cents := words[cut+len(" and "):]
	minor, _ := strconv.ParseInt(cents, 10, 64)
	sign := int64(1)
	var total, section int64
	for _, w := range strings.Fields(strings.ReplaceAll(words[:cut], "-", " ")) {
		switch {
		case w == "minus":
			sign = -1
		case w == "and":
		case w == "hundred":
			section *= 100
		case large[w] > 0:
			total, section = total+section*large[w], 0
		default:
			section += value[w]
		}
	}
	return sign * ((total+section)*100 + minor)
}

func TestWordsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Many zeros inside are where the rules are.
		minor := rapid.Int64Range(0, 9).Draw(t, "first")
		for n := range rapid.IntRange(0, 16).Draw(t, "digits") {
			minor = minor*10 + rapid.SampledFrom([]int64{0, 0, 0, 1, 2, 5, 9}).Draw(t, strconv.Itoa(n))
		}
		if rapid.Bool().Draw(t, "negative") {
			minor = -minor
		}
		m := Money{minor, "CNY"}
		if got := readZH(m.WordsZH()); got != minor {
			t.Errorf("%s reads as %d, want %d", m.WordsZH(), got, minor)
		}
		if got := readEN(m.WordsEN()); got != minor {
			t.Errorf("%q reads as %d, want %d", m.WordsEN(), got, minor)
		}
		if strings.Contains(m.WordsZH(), "零零") || strings.HasSuffix(m.WordsZH(), "零") {
			t.Errorf("WordsZH(%s) = %s, want no two 零 together and none at the end", m, m.WordsZH())
		}
	})
	for _, extreme := range []int64{math.MaxInt64, math.MinInt64} {
		if m := (Money{extreme, "JPY"}); m.WordsEN() == "" || m.WordsZH() == "" {
			t.Errorf("no words for %d", extreme)
		}
	}
}

func TestPercent(t *testing.T) {
	for text, want := range map[string]Percent{"60": 6000, "33.34": 3334, "0": 0, "100.00": 10000, "0.01": 1} {
		var p Percent
		if err := p.UnmarshalText([]byte(text)); err != nil || p != want {
			t.Errorf("UnmarshalText(%s) = %v, %v, want %v", text, p, err, want)
		}
	}
	for _, text := range []string{"", "-1", "100.01", "33.333", "60%", "6,5"} {
		var p Percent
		if err := p.UnmarshalText([]byte(text)); !IsCode(err, CodeInvalid) {
			t.Errorf("UnmarshalText(%q) = %v, want refused", text, err)
		}
	}
	if got := Percent(3305).String(); got != "33.05" {
		t.Errorf("String() = %s, want 33.05", got)
	}
}
