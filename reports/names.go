package reports

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"

	"recourse/models"
)

// fold makes text comparable: full width becomes ASCII, capitals small. starts
// holds the byte at which each rune began, and one past the end.
func fold(s string) (folded []rune, starts []int) {
	for i, r := range s {
		if wide := []rune(norm.NFKC.String(string(r))); len(wide) == 1 {
			r = wide[0]
		}
		if unicode.IsSpace(r) {
			r = ' '
		}
		folded = append(folded, unicode.ToLower(r))
		starts = append(starts, i)
	}
	return folded, append(starts, len(s))
}

// What a name has in common with others, and what ends the name of a place.
var (
	zhGeneric = []string{"股份有限公司", "有限责任公司", "有限公司", "公司", "集团", "工厂", "厂", "进出口", "进口", "出口", "贸易", "国际", "实业", "工业", "科技", "制造", "装饰", "建筑", "建材", "材料", "陶瓷", "石膏", "天花板", "五金", "家具", "木业", "纺织", "塑料", "电子", "机械"}
	enGeneric = []string{"the", "a", "new", "great", "first", "best", "golden", "general", "global", "world", "united", "international", "national", "royal", "china", "chinese", "north", "south", "east", "west", "import", "export", "trading", "trade", "building", "decorative", "industrial", "materials", "company", "factory"}
	zhPlace   = []string{"特别行政区", "自治区", "自治州", "自治县", "省", "市", "区", "县", "镇", "乡"}
	countries = []string{"china", "中国", "prc", "p.r. china", "people's republic of china"}
)

// partyTerms are the names under which a party may stand in a text: both names
// and the word that is its own in each, code, contact, address, e-mail,
// telephone, its places, and the pinyin of what is Chinese.
func partyTerms(p models.Party, with models.Text) []hidden {
	names := []string{p.Name.ZH, p.Name.EN, p.Code, p.Contact, p.Address, p.Email, p.Phone, p.Place}
	places := slices.Concat(placeNames(p.Place), placeNames(p.Address), placeNames(p.Name.ZH))
	names = append(names, places...)
	names = append(names, ownWordZH(p.Name.ZH, places), ownWordEN(p.Name.EN))
	var terms []hidden
	for _, n := range names {
		n = strings.TrimSpace(n)
		if slices.Contains(countries, strings.ToLower(n)) {
			continue
		}
		terms = append(terms, term(n, with)...)
		if latin := pinyinOf(n); len(latin) > 3 {
			terms = append(terms, term(latin, with)...)
		}
	}
	return terms
}

// placeNames splits 河北省晋州市 into 河北 and 晋州, and "Jinzhou, Hebei" at its commas.
func placeNames(s string) []string {
	var names []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == '，' || r == ' ' || r == '、' }) {
		if !hasHan(part) {
			if len(part) > 3 && !strings.ContainsFunc(part, unicode.IsDigit) && !slices.Contains(enGeneric, strings.ToLower(part)) {
				names = append(names, part)
			}
			continue
		}
		for part != "" {
			at, size := -1, 0
			for _, suffix := range zhPlace {
				if i := strings.Index(part, suffix); i > 0 && (at < 0 || i < at) {
					at, size = i, len(suffix)
				}
			}
			if at < 0 {
				break
			}
			if len([]rune(part[:at])) >= 2 {
				names = append(names, part[:at])
			}
			part = part[at+size:]
		}
	}
	return names
}

// ownWordZH is what remains of a Chinese name without places and general words.
func ownWordZH(name string, places []string) string {
	for _, general := range append(slices.Clone(places), zhGeneric...) {
		name = strings.ReplaceAll(name, general, "")
	}
	name = strings.TrimLeft(name, "省市区县镇乡")
	if n := len([]rune(name)); n < 2 || n > 6 {
		return ""
	}
	return name
}

// ownWordEN is the first word of an English name, unless it is a general one.
func ownWordEN(name string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	word = strings.TrimRight(word, ",.'")
	if len(word) < 4 || slices.Contains(enGeneric, strings.ToLower(word)) {
		return ""
	}
	return word
}

// pinyinOf writes a short Chinese name in Latin letters without spaces; "" for any other text.
func pinyinOf(s string) string {
	n := 0
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) {
			return ""
		}
		n++
	}
	if n < 2 || n > 4 {
		return ""
	}
	return strings.Join(pinyin.LazyPinyin(s, pinyin.NewArgs()), "")
}
