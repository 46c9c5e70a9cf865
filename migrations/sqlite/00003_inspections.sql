-- Inspections: the visit, its lots with plan and snapshot, what was found,
-- measured, ticked and photographed, who signed and what was decided.

-- +goose Up
CREATE TABLE IF NOT EXISTS inspections (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL,
  revision INTEGER NOT NULL,
  revises_id BLOB NULL,
  revision_reason TEXT NOT NULL,
  superseded_by_id BLOB NULL,
  chain_id BLOB NOT NULL,
  chain_no INTEGER NOT NULL,
  previous_id BLOB NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  contract_id BLOB NOT NULL,
  supplier_id BLOB NOT NULL,
  planned_on TEXT NOT NULL,
  inspected_on TEXT NULL,
  place TEXT NOT NULL,
  verdict TEXT NOT NULL,
  inspector_remark TEXT NOT NULL,
  factory_remark TEXT NOT NULL,
  deviations TEXT NOT NULL,
  equipment TEXT NOT NULL,
  started_at DATETIME NULL,
  submitted_at DATETIME NULL,
  decided_at DATETIME NULL,
  aborted_at DATETIME NULL,
  abort_reason TEXT NOT NULL,
  abort_blame TEXT NOT NULL,
  device_time DATETIME NULL,
  device_offset INTEGER NULL,
  device_skewed BOOLEAN NOT NULL,
  record_hash BLOB NULL,
  fingerprint BLOB NULL,
  photos_wanted INTEGER NOT NULL,
  photos_present INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_by BLOB NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT inspections_number UNIQUE (number, revision),
  CONSTRAINT inspections_contract FOREIGN KEY (contract_id) REFERENCES contracts (id),
  CONSTRAINT inspections_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS inspections_by_state ON inspections (state, id);
CREATE INDEX IF NOT EXISTS inspections_by_supplier ON inspections (supplier_id, id);
CREATE INDEX IF NOT EXISTS inspections_by_contract ON inspections (contract_id, id);
CREATE INDEX IF NOT EXISTS inspections_by_kind ON inspections (kind, id);
CREATE INDEX IF NOT EXISTS inspections_by_verdict ON inspections (verdict, id);
CREATE INDEX IF NOT EXISTS inspections_by_date ON inspections (planned_on, id);
CREATE INDEX IF NOT EXISTS inspections_by_chain ON inspections (chain_id, chain_no, revision);

CREATE TABLE IF NOT EXISTS inspection_inspectors (
  inspection_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  PRIMARY KEY (inspection_id, user_id),
  CONSTRAINT inspection_inspectors_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id),
  CONSTRAINT inspection_inspectors_user FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS inspection_inspectors_by_user ON inspection_inspectors (user_id, inspection_id);

CREATE TABLE IF NOT EXISTS inspection_lots (
  id BLOB NOT NULL PRIMARY KEY,
  inspection_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  lot_id BLOB NOT NULL,
  line_id BLOB NOT NULL,
  product_id BLOB NOT NULL,
  supplier_id BLOB NOT NULL,
  standard_id BLOB NOT NULL,
  standard_code TEXT NOT NULL,
  snapshot TEXT NOT NULL,
  snapshot_hash BLOB NOT NULL,
  plan TEXT NOT NULL,
  seed BLOB NOT NULL,
  quantity_ordered INTEGER NULL,
  quantity_produced INTEGER NULL,
  quantity_packed INTEGER NULL,
  quantity_presented INTEGER NULL,
  cartons_presented INTEGER NULL,
  cartons_opened TEXT NOT NULL,
  units_examined INTEGER NULL,
  judgement TEXT NULL,
  verdict TEXT NOT NULL,
  nc_critical INTEGER NOT NULL,
  nc_major INTEGER NOT NULL,
  nc_minor INTEGER NOT NULL,
  remark TEXT NOT NULL,
  decision TEXT NOT NULL,
  inspected_on TEXT NULL,
  overlaps TEXT NOT NULL,
  CONSTRAINT inspection_lots_position UNIQUE (inspection_id, position),
  CONSTRAINT inspection_lots_once UNIQUE (inspection_id, lot_id),
  CONSTRAINT inspection_lots_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id),
  CONSTRAINT inspection_lots_lot FOREIGN KEY (lot_id) REFERENCES lots (id),
  CONSTRAINT inspection_lots_standard FOREIGN KEY (standard_id) REFERENCES quality_standards (id)
);
CREATE INDEX IF NOT EXISTS inspection_lots_by_lot ON inspection_lots (lot_id);
CREATE INDEX IF NOT EXISTS inspection_lots_by_line ON inspection_lots (line_id);
-- The series of lots that severity is computed from.
CREATE INDEX IF NOT EXISTS inspection_lots_series ON inspection_lots (supplier_id, product_id, standard_code, inspected_on);

CREATE TABLE IF NOT EXISTS findings (
  id BLOB NOT NULL PRIMARY KEY,
  inspection_lot_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  defect_code TEXT NOT NULL,
  class TEXT NOT NULL,
  units INTEGER NOT NULL,
  defects INTEGER NOT NULL,
  cartons TEXT NOT NULL,
  remark TEXT NOT NULL,
  CONSTRAINT findings_units CHECK (units > 0 AND defects >= units),
  CONSTRAINT findings_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id)
);
CREATE INDEX IF NOT EXISTS findings_by_lot ON findings (inspection_lot_id, position);
CREATE INDEX IF NOT EXISTS findings_by_defect ON findings (defect_code);

-- value is the reading × 10^decimals of the pinned characteristic.
CREATE TABLE IF NOT EXISTS readings (
  inspection_lot_id BLOB NOT NULL,
  characteristic TEXT NOT NULL,
  no INTEGER NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (inspection_lot_id, characteristic, no),
  CONSTRAINT readings_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS inspection_checks (
  inspection_lot_id BLOB NOT NULL,
  code TEXT NOT NULL,
  result TEXT NOT NULL,
  examined INTEGER NULL,
  nonconforming INTEGER NULL,
  seen TEXT NOT NULL,
  remark TEXT NOT NULL,
  PRIMARY KEY (inspection_lot_id, code),
  CONSTRAINT inspection_checks_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id)
) WITHOUT ROWID;

-- A photo is declared by the hash of its bytes, which may arrive later.
CREATE TABLE IF NOT EXISTS inspection_photos (
  id BLOB NOT NULL PRIMARY KEY,
  inspection_id BLOB NOT NULL,
  inspection_lot_id BLOB NULL,
  finding_id BLOB NULL,
  check_code TEXT NOT NULL,
  position INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  caption TEXT NOT NULL,
  taken_at DATETIME NULL,
  present BOOLEAN NOT NULL,
  CONSTRAINT inspection_photos_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id)
);
CREATE INDEX IF NOT EXISTS inspection_photos_by_inspection ON inspection_photos (inspection_id, position);
CREATE INDEX IF NOT EXISTS inspection_photos_by_hash ON inspection_photos (sha256);

CREATE TABLE IF NOT EXISTS inspection_signatures (
  inspection_id BLOB NOT NULL,
  side TEXT NOT NULL,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  signed_at DATETIME NOT NULL,
  refused BOOLEAN NOT NULL,
  reason TEXT NOT NULL,
  image_sha256 BLOB NULL,
  PRIMARY KEY (inspection_id, side),
  CONSTRAINT inspection_signatures_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id)
);

CREATE TABLE IF NOT EXISTS inspection_decisions (
  id BLOB NOT NULL PRIMARY KEY,
  inspection_id BLOB NOT NULL,
  inspection_lot_id BLOB NOT NULL UNIQUE,
  decision TEXT NOT NULL,
  reason TEXT NOT NULL,
  conditions TEXT NOT NULL,
  price_minor INTEGER NULL,
  price_currency TEXT NULL,
  bears_claims TEXT NOT NULL,
  decided_by BLOB NULL,
  decided_by_name TEXT NOT NULL,
  decided_at DATETIME NOT NULL,
  CONSTRAINT inspection_decisions_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id)
);
CREATE INDEX IF NOT EXISTS inspection_decisions_by_inspection ON inspection_decisions (inspection_id);

-- A report that was issued: its bytes lie in the file store under sha256 and
-- are what every later request gets.
CREATE TABLE IF NOT EXISTS issued_reports (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  entity_id BLOB NOT NULL,
  lang TEXT NOT NULL,
  edition TEXT NOT NULL,
  sha256 BLOB NOT NULL,
  size INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  audit_head BLOB NOT NULL,
  verify_code TEXT NOT NULL UNIQUE,
  created_at DATETIME NOT NULL,
  CONSTRAINT issued_reports_once UNIQUE (kind, entity_id, lang, edition)
);
