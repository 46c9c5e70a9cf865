package models_test

import (
	"maps"
	"slices"
	"testing"

	"recourse/models"
)

// TestEveryCodeHasWords: who adds a code gives it a word in both languages, and
// no two codes of a kind share one.
func TestEveryCodeHasWords(t *testing.T) {
	for name, c := range map[string]struct {
		words models.CodeWords
		codes []string
	}{
		"claim states":     {models.ClaimStateWords, texts(models.ClaimStates)},
		"reasons":          {models.ReasonWords, texts(slices.Concat(models.GoodsReasons, models.DocumentReasons))},
		"answers":          {models.AnswerWords, texts([]models.Answer{models.AnswerAccept, models.AnswerInPart, models.AnswerReject})},
		"grounds":          {models.GroundWords, models.Grounds},
		"evidence":         {models.EvidenceWords, slices.Collect(maps.Keys(models.EvidenceWords))},
		"note states":      {models.NoteStateWords, texts([]models.DebitNoteState{models.NoteIssued, models.NoteAcknowledged, models.NoteDisputed, models.NoteInPart, models.NoteSettled, models.NoteWrittenOff, models.NoteCancelled})},
		"action states":    {models.ActionStateWords, []string{models.ActionOpen, models.ActionAnswered, models.ActionAccepted, models.ActionEffective, models.ActionNotEffective, models.ActionCancelled}},
		"inspection kinds": {models.InspectionKindWords, texts(models.InspectionKinds)},
		"inspections":      {models.InspectionStateWords, texts([]models.InspectionState{models.Planned, models.InProgress, models.Submitted, models.Final, models.Aborted})},
		"verdicts":         {models.VerdictWords, texts([]models.Verdict{models.Accepted, models.NotAccepted, models.Pending})},
		"decisions":        {models.DecisionWords, texts([]models.DecisionKind{models.Release, models.ReleaseWaived, models.ReworkAndRetry, models.Reject, models.SortAll})},
		"standards":        {models.StandardStateWords, texts([]models.StandardState{models.StandardDraft, models.StandardActive, models.StandardRetired})},
		"contracts":        {models.ContractKindWords, texts([]models.ContractKind{models.PurchaseContract, models.SalesContract})},
		"parties": {models.PartyKindWords, texts([]models.PartyKind{models.PartySupplier, models.PartyCustomer, models.PartyCarrier, models.PartyForwarder,
			models.PartyInsurer, models.PartyOwn, models.PartyOther})},
	} {
		if len(c.words) != len(c.codes) {
			t.Errorf("%s: %d words for %d codes", name, len(c.words), len(c.codes))
		}
		for _, code := range c.codes {
			w := c.words.Of(code)
			for _, form := range []string{code, w.ZH, w.EN, w.ZH + " / " + w.EN} {
				if got, known := c.words.Code(form); form == "" || !known || got != code {
					t.Errorf("%s: Code(%q) = %q, %v, want %q", name, form, got, known, code)
				}
			}
			if w.ZH == code {
				t.Errorf("%s: %q has no word", name, code)
			}
		}
	}
	if got := models.ReasonWords.Of("of the house"); got.ZH != "of the house" {
		t.Errorf("Of an unknown code = %v, want itself", got)
	}
	if got, known := models.ReasonWords.Code("ＱＵＡＬＩＴＹ"); !known || got != "quality" {
		t.Errorf("Code of full-width letters = %q, %v, want quality", got, known)
	}
}

func texts[T ~string](codes []T) []string {
	all := make([]string, len(codes))
	for i, c := range codes {
		all[i] = string(c)
	}
	return all
}
