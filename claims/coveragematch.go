package claims

import (
	"recourse/models"
)

// match says why an inspected lot bears on an item and what it shows.
func (e *evidence) match(item models.ClaimItem, l models.InspectionLot, sameLot bool) Match {
	v := e.visits[l.InspectionID]
	m := Match{
		InspectionID: v.ID, Number: v.Number, Revision: v.Revision, Kind: v.Kind, InspectedOn: v.InspectedOn, LotID: l.LotID, Batch: e.batches[l.LotID],
		SameLot: sameLot, Verdict: l.Verdict, Decision: l.Decision, FindingIDs: []models.ID{}, Reveals: []models.Text{}, Photos: []PhotoRef{}, lot: l,
	}
	if sameLot {
		m.Why = append(m.Why, models.Say("the same lot, batch %s", "同一批，生产批号 %s", m.Batch))
	} else {
		m.Why = append(m.Why, models.Say("another lot of the same contract line, batch %s", "同一合同行的其他批，生产批号 %s", m.Batch))
	}
	e.examine(item, l, &m)
	if !e.loadedOn.IsZero() && !v.InspectedOn.IsZero() {
		days := int(e.loadedOn.Time().Sub(v.InspectedOn.Time()).Hours() / 24)
		m.Why = append(m.Why, models.Say("inspected %d days before loading", "装运前 %d 天验货", days))
	}
	e.reveal(item, v, &m)
	e.offer(v, &m)
	return m
}

// examine counts what the inspection found of the item's defect or characteristic.
func (e *evidence) examine(item models.ClaimItem, l models.InspectionLot, m *Match) {
	if c, known := l.Snapshot.Characteristic(item.Characteristic); known {
		for _, j := range judged(l).Characteristics {
			if j.Code == c.Code {
				m.Checked, m.Sample, m.Found = j.Readings > 0, j.Readings, j.OutOfLimits
			}
		}
		if m.Checked {
			m.Why = append(m.Why, models.Say("%[1]s was measured", "已测量 %[1]s", c.Code))
		}
		return
	}
	if section := sectionOf[item.Reason]; section != "" && item.Defect == "" {
		for _, c := range e.checks[l.ID] {
			if c.Code == section && (c.Result == models.CheckOK || c.Result == models.CheckNotOK) {
				m.Checked = true
				if c.Result == models.CheckNotOK {
					m.Found = 1
				}
				m.Why = append(m.Why, models.Say("the section %s was checked", "已检查 %s", section))
			}
		}
		return
	}
	d, known := l.Snapshot.Defect(item.Defect)
	if item.Defect != "" && !known {
		return
	}
	for _, c := range judged(l).Classes {
		if c.Examined != nil && (!known || c.Class == d.Class) {
			m.Sample = max(m.Sample, *c.Examined)
		}
	}
	m.Checked = known && m.Sample > 0
	for _, f := range e.findings[l.ID] {
		if known && f.Defect == item.Defect {
			m.Found += f.Units
			m.FindingIDs = append(m.FindingIDs, f.ID)
		}
	}
	if m.Checked {
		m.Why = append(m.Why, models.Say("%[1]d units were examined for %[2]s", "就 %[2]s 检验 %[1]d 件", m.Sample, item.Defect))
	}
}

// sectionOf is the ticked section that answers a reason.
var sectionOf = map[models.ClaimReason]string{models.ReasonPacking: "packing", models.ReasonMarks: "marks"}

func judged(l models.InspectionLot) models.Judgement {
	if l.Judgement == nil {
		return models.Judgement{}
	}
	return *l.Judgement
}

// reveal lists what the customer would read in the report beside what helps us.
func (e *evidence) reveal(item models.ClaimItem, v models.Inspection, m *Match) {
	add := func(t models.Text) { m.Reveals = append(m.Reveals, t) }
	if m.Found > 0 {
		add(models.Say("%d units with the claimed defect", "发现所索赔缺陷 %d 件", m.Found))
	}
	others := 0
	for _, f := range e.findings[m.lot.ID] {
		if f.Defect != item.Defect {
			others += f.Units
		}
	}
	if others > 0 {
		add(models.Say("%d units with other defects", "其他缺陷 %d 件", others))
	}
	if m.Verdict != models.Accepted {
		add(models.Say("the verdict was not acceptance", "判定不是接收"))
	}
	if m.Decision == models.ReleaseWaived {
		add(models.Say("the lot was released under waiver", "该批为让步放行"))
	}
	if len(v.Deviations) > 0 {
		add(models.Say("deviations from the inspection plan", "检验偏离记录"))
	}
}

// offer adds the photos of the item's findings, else those of the lot.
func (e *evidence) offer(v models.Inspection, m *Match) {
	about := map[models.ID]bool{}
	for _, id := range m.FindingIDs {
		about[id] = true
	}
	for _, p := range e.photos[v.ID] {
		if p.InspectionLotID != nil && *p.InspectionLotID != m.lot.ID || len(about) > 0 && (p.FindingID == nil || !about[*p.FindingID]) {
			continue
		}
		taken := p.Camera
		if taken == "" && p.TakenAt != nil {
			taken = p.TakenAt.Format("2006-01-02T15:04:05Z")
		}
		m.Photos = append(m.Photos, PhotoRef{ID: p.ID, SHA256: p.SHA256, Caption: p.Caption, TakenAt: taken})
	}
}
