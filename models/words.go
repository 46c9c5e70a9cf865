package models

import (
	"fmt"
	"math/big"
	"strings"
)

// currencyZH names currencies before a Chinese amount in words; of others the
// code is written. The renminbi has no name there: its units are its own.
var currencyZH = map[string]string{
	"CNY": "", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元", "HKD": "港元", "MOP": "澳门元", "TWD": "新台币", "KRW": "韩元",
	"SGD": "新加坡元", "AUD": "澳元", "CAD": "加元", "NZD": "新西兰元", "CHF": "瑞士法郎", "RUB": "卢布", "INR": "印度卢比", "THB": "泰铢",
	"VND": "越南盾", "MYR": "马来西亚林吉特", "IDR": "印尼盾", "PHP": "菲律宾比索", "AED": "阿联酋迪拉姆", "SAR": "沙特里亚尔", "KWD": "科威特第纳尔",
	"BHD": "巴林第纳尔", "SEK": "瑞典克朗", "NOK": "挪威克朗", "DKK": "丹麦克朗", "BRL": "巴西雷亚尔", "MXN": "墨西哥比索", "ZAR": "南非兰特", "TRY": "土耳其里拉",
}

var (
	digitsZH = []rune("零壹贰叁肆伍陆柒捌玖")
	partsZH  = []string{"角", "分", "厘"}
)

// WordsZH is the amount in capital Chinese numerals (大写金额) by the rules for
// bills (《支付结算办法》附件一): 3883.53 is 叁仟捌佰捌拾叁元伍角叁分. 零 is written once
// for zeros inside, and before 分 after no 角; 整 closes an amount that ends
// with 元 only. Optional 零 and 整 are left out. Other currencies are named in front.
func (m Money) WordsZH() string {
	name, known := currencyZH[m.Currency]
	if !known {
		name = m.Currency
	}
	sign, whole, part, places := m.split()
	if sign {
		name += "负"
	}
	if part == "" || strings.Trim(part, "0") == "" {
		return name + integerZH(whole) + "元整"
	}
	var b strings.Builder
	b.WriteString(name)
	if whole > 0 {
		b.WriteString(integerZH(whole) + "元")
	}
	started, skipped := whole > 0, false
	for i := range places {
		digit := part[i] - '0'
		if digit == 0 {
			skipped = true
			continue
		}
		if skipped && started {
			b.WriteString("零")
		}
		b.WriteRune(digitsZH[digit])
		b.WriteString(partsZH[i])
		started, skipped = true, false
	}
	return b.String()
}

// integerZH writes a whole number, 10010 as 壹万零壹拾.
func integerZH(n uint64) string {
	for _, unit := range []struct {
		size uint64
		name string
	}{{1e8, "亿"}, {1e4, "万"}, {1e3, "仟"}, {1e2, "佰"}, {10, "拾"}} {
		if n < unit.size {
			continue
		}
		high, low := n/unit.size, n%unit.size
		text := integerZH(high) + unit.name
		switch {
		case low == 0:
			return text
		case low < unit.size/10:
			return text + "零" + integerZH(low)
		}
		return text + integerZH(low)
	}
	return string(digitsZH[n])
}

// WordsEN is the amount in English words as banks write it: "CNY three thousand
// eight hundred and eighty-three and 53/100"; without decimals "JPY one thousand only".
func (m Money) WordsEN() string {
	sign, whole, part, places := m.split()
	text := m.Currency + " "
	if sign {
		text += "minus "
	}
	text += integerEN(whole)
	if places == 0 {
		return text + " only"
	}
	return text + " and " + part + "/1" + strings.Repeat("0", places)
}

var (
	smallEN = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	tensEN  = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
)

// integerEN writes a whole number, with "and" before what is below a hundred.
func integerEN(n uint64) string {
	switch {
	case n < 20:
		return smallEN[n]
	case n < 100:
		if n%10 == 0 {
			return tensEN[n/10]
		}
		return tensEN[n/10] + "-" + smallEN[n%10]
	}
	size, name := uint64(100), "hundred"
	for _, unit := range []struct {
		size uint64
		name string
	}{{1e3, "thousand"}, {1e6, "million"}, {1e9, "billion"}, {1e12, "trillion"}, {1e15, "quadrillion"}, {1e18, "quintillion"}} {
		if n >= unit.size {
			size, name = unit.size, unit.name
		}
	}
	text := integerEN(n/size) + " " + name
	switch low := n % size; {
	case low == 0:
		return text
	case low < 100:
		return text + " and " + integerEN(low)
	default:
		return text + " " + integerEN(low)
	}
}

// split takes the amount apart: whole units, and the digits of the rest.
func (m Money) split() (negative bool, whole uint64, part string, places int) {
	places, _ = CurrencyPlaces(m.Currency)
	size := uint64(1)
	for range places {
		size *= 10
	}
	n := new(big.Int).Abs(big.NewInt(m.Minor)).Uint64() // the least int64 has no opposite of its own type
	if places > 0 {
		part = fmt.Sprintf("%0*d", places, n%size)
	}
	return m.Minor < 0, n / size, part, places
}
