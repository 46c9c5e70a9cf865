package contracts

import (
	"strings"

	"recourse/models"
)

// containerNumber brings a container number into its form: four letters, the
// last U, J or Z, then seven digits (ISO 6346). Spaces and hyphens are let go.
func containerNumber(s string) (string, error) {
	n := strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(models.Key(s)))
	if len(n) != 11 || strings.Trim(n[:3], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || !strings.Contains("UJZ", n[3:4]) || strings.Trim(n[4:], "0123456789") != "" {
		return "", models.Invalid("number", "%q is not a container number: four letters ending in U, J or Z and seven digits, as CSQU3054383.",
			"%q 不是集装箱号：应为四个字母（末位 U、J 或 Z）加七位数字，例如 CSQU3054383。", s)
	}
	return n, nil
}

// letterValues are what the letters A to Z count: 10 to 38 without the multiples of 11.
const letterValues = "\x0a\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x20\x22\x23\x24\x25\x26"

// checkDigit is the last digit that the ten characters before it demand
// (ISO 6346, annex A): each place counts double the one before, modulo 11, and
// 10 is written 0.
func checkDigit(number string) byte {
	sum := 0
	for i := range 10 {
		value := int(number[i] - '0')
		if c := number[i]; c >= 'A' {
			value = int(letterValues[c-'A'])
		}
		sum += value << i
	}
	return byte('0' + sum%11%10)
}
