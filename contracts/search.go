package contracts

import (
	"strings"

	"github.com/mozillazg/go-pinyin"

	"recourse/models"
)

// searchText is what a record is found by: its words, and for the Chinese ones
// the pinyin written together (jinzhou), apart (jin zhou) and by initials (jz).
func searchText(words ...string) string {
	style := pinyin.NewArgs()
	var parts []string
	for _, w := range words {
		if w == "" {
			continue
		}
		parts = append(parts, w)
		syllables := pinyin.LazyConvert(w, &style)
		if len(syllables) == 0 {
			continue
		}
		initials := ""
		for _, s := range syllables {
			initials += s[:1] // a syllable is ASCII
		}
		parts = append(parts, strings.Join(syllables, ""), strings.Join(syllables, " "), initials)
	}
	return models.Key(strings.Join(parts, " "))
}
