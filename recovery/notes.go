package recovery

import (
	"context"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// NoteList is what a list of debit notes may be filtered and sorted by.
var NoteList = database.List{
	Default: "-id",
	Sorts:   []string{"id"},
	Filters: map[string]database.Filter{
		"state": {SQL: "debit_notes.state = ?", Values: []string{"issued", "acknowledged", "disputed", "accepted_in_part", "settled", "written_off", "cancelled"}},
		// The open states; kept beside models.OpenNoteStates by a test.
		"open":        {SQL: "(debit_notes.state IN ('issued', 'acknowledged', 'disputed', 'accepted_in_part')) = ?", Kind: database.FilterBool},
		"case_id":     {SQL: "debit_notes.case_id = ?", Kind: database.FilterID},
		"claim_id":    {SQL: "debit_notes.claim_id = ?", Kind: database.FilterID},
		"party_id":    {SQL: "debit_notes.party_id = ?", Kind: database.FilterID},
		"number":      {SQL: "debit_notes.number = ?"},
		"issued_from": {SQL: "debit_notes.issued_on >= ?", Kind: database.FilterDate},
		"issued_to":   {SQL: "debit_notes.issued_on <= ?", Kind: database.FilterDate},
	},
}

// Note is a debit note with its figures and movements. Accepted is nil unless
// the party accepted a part.
type Note struct {
	models.DebitNote
	PartyName   models.Text   `json:"party_name"`
	InWords     models.Text   `json:"in_words"`
	Settled     models.Money  `json:"settled"`
	Outstanding models.Money  `json:"outstanding"`
	Accepted    *models.Money `json:"accepted"`
	Settlements []Settlement  `json:"settlements"`
}

// Settlement is one movement, with its exchange gain or loss apart.
type Settlement struct {
	models.Settlement
	Fx models.Money `json:"fx"`
}

// ListNotes reads one page of the debit notes that the reader may see, with
// their movements, in a constant number of statements.
func ListNotes(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[Note], error) {
	if err := mayRead(by); err != nil {
		return database.Page[Note]{}, err
	}
	page, err := database.Find[models.DebitNote](ctx, scoped[models.DebitNote](tx, by, "debit_notes.claim_id"), NoteList, q)
	if err != nil {
		return database.Page[Note]{}, err
	}
	items, err := shownNotes(ctx, tx, page.Items)
	return database.Page[Note]{Items: items, NextCursor: page.NextCursor}, err
}

// GetNote reads one debit note.
func GetNote(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*Note, error) {
	n, err := noteOf(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	return showNote(ctx, tx, *n)
}

// NoteByNumber reads a debit note by the number people quote.
func NoteByNumber(ctx context.Context, tx *gorm.DB, by models.Actor, number string) (*Note, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	var rows []models.DebitNote
	err := scoped[models.DebitNote](tx, by, "debit_notes.claim_id").WithContext(ctx).Where("number = ?", number).Limit(1).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, models.NotFound("debit note", "扣款通知")
	}
	return showNote(ctx, tx, rows[0])
}

func noteOf(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.DebitNote, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	return one[models.DebitNote](ctx, scoped[models.DebitNote](tx, by, "debit_notes.claim_id"), "debit note", "扣款通知", id)
}

func showNote(ctx context.Context, tx *gorm.DB, n models.DebitNote) (*Note, error) {
	out, err := shownNotes(ctx, tx, []models.DebitNote{n})
	if err != nil {
		return nil, err
	}
	return &out[0], nil
}

func shownNotes(ctx context.Context, tx *gorm.DB, notes []models.DebitNote) ([]Note, error) {
	ids, partyIDs := make([]models.ID, len(notes)), []models.ID{}
	for n, note := range notes {
		ids[n] = note.ID
		if note.PartyID != nil {
			partyIDs = append(partyIDs, *note.PartyID)
		}
	}
	names, err := partyNames(ctx, tx, partyIDs)
	if err != nil {
		return nil, err
	}
	rows, err := gorm.G[models.Settlement](tx).Where("note_id IN ?", ids).Order("id").Find(ctx)
	if err != nil {
		return nil, err
	}
	moved := map[models.ID][]Settlement{}
	for _, s := range rows {
		moved[s.NoteID] = append(moved[s.NoteID], Settlement{s, models.Money{Minor: s.FxMinor, Currency: s.Amount.Currency}})
	}
	out := make([]Note, len(notes))
	for n, note := range notes {
		money := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: note.Amount.Currency} }
		out[n] = Note{
			DebitNote: note, PartyName: names[keyOf(note.Party, note.PartyID).id], InWords: models.Text{ZH: note.Amount.WordsZH(), EN: note.Amount.WordsEN()},
			Settled: money(note.Settled), Outstanding: money(0), Settlements: moved[note.ID],
		}
		if note.State.Open() {
			out[n].Outstanding = note.Outstanding()
		}
		if note.AcceptedMinor != nil {
			out[n].Accepted = new(money(*note.AcceptedMinor))
		}
	}
	return out, nil
}
