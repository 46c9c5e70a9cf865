package contracts

import "testing"

func TestCheckDigit(t *testing.T) {
	// The standard's own example, public examples of each kind, and one misread.
	for number, want := range map[string]byte{
		"CSQU3054383": '3', "MSKU6011672": '2', "TGHU7599330": '0', "TEMU6021554": '7', "HLXU2008419": '9',
	} {
		if got := checkDigit(number); got != want {
			t.Errorf("checkDigit(%s) = %c, want %c", number, got, want)
		}
	}
}

func TestContainerNumber(t *testing.T) {
	for text, want := range map[string]string{"csqu 305438-3": "CSQU3054383", "ＣＳＱＵ３０５４３８３": "CSQU3054383", "CSQU305438": "", "CSQA3054383": "", "1SQU3054383": "", "CSQU305438X": "", "": "", "晋州集装箱一二三": ""} {
		if got, err := containerNumber(text); got != want || (err != nil) != (want == "") {
			t.Errorf("containerNumber(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
}
