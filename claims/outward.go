package claims

import "recourse/models"

// outwardTexts says each status as a letter to the customer may: true, courteous,
// without our own weighing, and without a word that the record does not bear.
var outwardTexts = map[CoverageStatus]models.Text{
	InspectedHere:      {EN: "The lot was inspected for this before shipment, and nothing of the kind was recorded.", ZH: "该批在出货前已就此项验货，未记录此类情况。"},
	InspectedElsewhere: {EN: "This point was inspected before shipment on other lots of the same goods, not on this lot.", ZH: "出货前已就此项对同类货物的其他批验货，该批未就此项验货。"},
	NotInspected:       {EN: "No inspection before shipment extended to this point.", ZH: "出货前的验货未涉及此项。"},
	NotInspectable:     {EN: "This point is not one that an inspection before shipment can show.", ZH: "此项无法由出货前的验货看出。"},
	FoundAndTolerated:  {EN: "The inspection before shipment recorded such cases, within the acceptance number of its sampling plan.", ZH: "出货前的验货记录了此类情况，且在其抽样方案的接收数以内。"},
	FoundAndWaived:     onRecord,
	FoundAndReworked:   {EN: "This was found before shipment, corrected and inspected again.", ZH: "此项在出货前已发现、已返工并已复验。"},
}

// onRecord is what may be said wherever an inspection checked the point.
var onRecord = models.Text{EN: "The inspection before shipment is on record for this point.", ZH: "出货前的验货对此项有记录。"}

// outward is the status of an item in words for the customer. Where the record
// does not bear the whole sentence of its status, less is said.
func outward(c ItemCoverage) models.Text {
	accepted, again := true, false
	for _, m := range c.Matches {
		if !m.SameLot || !m.Checked {
			continue
		}
		accepted = accepted && (m.Found == 0 || m.Verdict == models.Accepted)
		again = again || m.Kind == models.ReInspection
	}
	switch {
	case c.Quantity != nil && c.Status == InspectedHere:
		return models.Text{EN: "The quantity presented was recorded at the inspection before shipment.", ZH: "出货前的验货记录了提交检验的数量。"}
	case c.Status == FoundAndTolerated && !accepted, c.Status == FoundAndReworked && !again:
		return onRecord
	}
	return outwardTexts[c.Status]
}
