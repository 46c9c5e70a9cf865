package documents

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/database"
	"recourse/models"
	"recourse/reports"
)

// standards finds by which standard the claimed goods are judged: the one that
// the sales contract's line names, else the one that they were inspected by, as
// it was then. It names the claimed defects and characteristics by them.
func (f *claimParts) standards(ctx context.Context, tx *gorm.DB) error {
	f.Names = map[string]models.Text{}
	for n, i := range f.Claim.Items {
		line, err := database.Take[models.ContractLine](ctx, tx, "contract line", "合同行", "id = ?", i.SalesLineID)
		if err != nil {
			return err
		}
		s, file, err := judgedBy(ctx, tx, *line, f.coverage[n])
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		f.name(i, s.Content)
		s.Lines = []int{line.LineNo}
		known := slices.IndexFunc(f.Standards, func(k reports.AgreedStandard) bool {
			return k.Code == s.Code && k.VersionNo == s.VersionNo && k.Snapshot == s.Snapshot && k.Basis == s.Basis
		})
		if known < 0 {
			f.Standards = append(f.Standards, *s)
			if !file.sha.IsZero() {
				f.attached = append(f.attached, file)
			}
			continue
		}
		if k := &f.Standards[known]; !slices.Contains(k.Lines, line.LineNo) {
			k.Lines = append(k.Lines, line.LineNo)
		}
	}
	return nil
}

// name keeps what the standard calls the item's defect and characteristic.
func (f *claimParts) name(i models.ClaimItem, s models.StandardContent) {
	if d, known := s.Defect(i.Defect); known {
		f.Names[i.Defect] = d.Name
	}
	if c, known := s.Characteristic(i.Characteristic); known {
		f.Names[i.Characteristic] = c.Name
	}
}

// judgedBy is the standard for the goods of a sales line; nil where the line
// names none and nothing was inspected. Its attached original goes with it only
// where the sales contract names it: the supplier's own stays here.
func judgedBy(ctx context.Context, tx *gorm.DB, line models.ContractLine, c claims.ItemCoverage) (*reports.AgreedStandard, attached, error) {
	out, id := reports.AgreedStandard{Basis: reports.PinnedBySale}, line.StandardID
	if id == nil {
		if len(c.Matches) == 0 {
			return nil, attached{}, nil
		}
		m := c.Matches[0]
		l, err := database.Take[models.InspectionLot](ctx, tx, "inspected lot", "所验批", "inspection_id = ? AND lot_id = ?", m.InspectionID, m.LotID)
		if err != nil {
			return nil, attached{}, err
		}
		out.Basis, out.Content, out.Snapshot, id = reports.InspectedBy, l.Snapshot, l.SnapshotHash, &l.StandardID
		if !m.SameLot {
			out.Basis = reports.OthersInspectedBy
		}
	}
	s, err := database.Take[models.Standard](ctx, tx, "quality standard", "质量标准", "id = ?", *id)
	if err != nil {
		return nil, attached{}, err
	}
	out.Code, out.VersionNo, out.Title = s.Code, s.VersionNo, s.Title
	if out.Basis != reports.PinnedBySale {
		return &out, attached{}, nil
	}
	out.Content = s.Content.For(line.Attributes)
	return &out, attached{models.Say("Quality standard %[1]s v%[2]d, original", "质量标准 %[1]s v%[2]d 原件", s.Code, s.VersionNo), s.Code + ".pdf", s.FileSHA256}, nil
}
