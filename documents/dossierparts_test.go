package documents

import "testing"

func TestCaption(t *testing.T) {
	for _, test := range []struct{ text, taken, want string }{
		{"corner", "2026-04-20T10:11:12", "2. corner · 2026-04-20 10:11:12"}, {"corner", "", "2. corner"},
		{"", "2026-04-20T10:11:12", "2. 2026-04-20 10:11:12"}, {"", "", "2."},
	} {
		if got := caption(2, test.text, test.taken); got != test.want {
			t.Errorf("caption(2, %q, %q) = %q, want %q", test.text, test.taken, got, test.want)
		}
	}
}
