package inspections

import "recourse/models"

// The rows of a new inspection, column by column: gorm's reflection over so many
// took some tenth of the time of storing one. A test holds them against the models.

const inspectionColumns = "inspections (id, number, revision, revises_id, revision_reason, superseded_by_id, chain_id, chain_no, previous_id, kind, state, " +
	"contract_id, supplier_id, planned_on, inspected_on, place, verdict, inspector_remark, factory_remark, deviations, equipment, " +
	"started_at, submitted_at, decided_at, aborted_at, abort_reason, abort_blame, device_time, device_offset, device_skewed, " +
	"record_hash, fingerprint, photos_wanted, photos_present, version, created_by, created_at, updated_at)"

func inspectionRow(i *models.Inspection) []any {
	return []any{
		i.ID, i.Number, i.Revision, i.RevisesID, i.RevisionReason, i.SupersededByID, i.ChainID, i.ChainNo, i.PreviousID, i.Kind, i.State,
		i.ContractID, i.SupplierID, i.PlannedOn, i.InspectedOn, i.Place, i.Verdict, i.InspectorRemark, i.FactoryRemark, jsonText(i.Deviations), jsonText(i.Equipment),
		i.StartedAt, i.SubmittedAt, i.DecidedAt, i.AbortedAt, i.AbortReason, i.AbortBlame, i.DeviceTime, i.DeviceOffset, i.DeviceSkewed,
		i.RecordHash, i.Fingerprint, i.PhotosWanted, i.PhotosPresent, i.Version, i.CreatedBy, i.CreatedAt, i.UpdatedAt,
	}
}

const lotColumns = "inspection_lots (id, inspection_id, position, lot_id, line_id, product_id, supplier_id, standard_id, standard_code, snapshot, snapshot_hash, plan, seed, " +
	"quantity_ordered, quantity_produced, quantity_packed, quantity_presented, cartons_presented, cartons_opened, units_examined, " +
	"judgement, verdict, nc_critical, nc_major, nc_minor, remark, decision, inspected_on, overlaps)"

func lotRow(l *models.InspectionLot) []any {
	var judgement any // NULL until something is recorded
	if l.Judgement != nil {
		judgement = jsonText(l.Judgement)
	}
	return []any{
		l.ID, l.InspectionID, l.Position, l.LotID, l.LineID, l.ProductID, l.SupplierID, l.StandardID, l.StandardCode, jsonText(l.Snapshot), l.SnapshotHash, jsonText(l.Plan), l.Seed,
		l.QuantityOrdered, l.QuantityProduced, l.QuantityPacked, l.QuantityPresented, l.CartonsPresented, jsonText(l.CartonsOpened), l.UnitsExamined,
		judgement, l.Verdict, l.NcCritical, l.NcMajor, l.NcMinor, l.Remark, l.Decision, l.InspectedOn, jsonText(l.Overlaps),
	}
}
