-- Inspections: the visit, its lots with plan and snapshot, what was found,
-- measured, ticked and photographed, who signed and what was decided.

-- +goose Up
CREATE TABLE IF NOT EXISTS inspections (
  id BINARY(16) NOT NULL PRIMARY KEY,
  number VARCHAR(30) NOT NULL,
  revision INT NOT NULL,
  revises_id BINARY(16) NULL,
  revision_reason LONGTEXT NOT NULL,
  superseded_by_id BINARY(16) NULL,
  chain_id BINARY(16) NOT NULL,
  chain_no INT NOT NULL,
  previous_id BINARY(16) NULL,
  kind VARCHAR(30) NOT NULL,
  state VARCHAR(20) NOT NULL,
  contract_id BINARY(16) NOT NULL,
  supplier_id BINARY(16) NOT NULL,
  planned_on DATE NOT NULL,
  inspected_on DATE NULL,
  place VARCHAR(300) NOT NULL,
  verdict VARCHAR(20) NOT NULL,
  inspector_remark LONGTEXT NOT NULL,
  factory_remark LONGTEXT NOT NULL,
  deviations LONGTEXT NOT NULL,
  equipment LONGTEXT NOT NULL,
  started_at DATETIME(3) NULL,
  submitted_at DATETIME(3) NULL,
  decided_at DATETIME(3) NULL,
  aborted_at DATETIME(3) NULL,
  abort_reason LONGTEXT NOT NULL,
  abort_blame VARCHAR(20) NOT NULL,
  device_time DATETIME(3) NULL,
  device_offset INT NULL,
  device_skewed BOOLEAN NOT NULL,
  record_hash BINARY(32) NULL,
  fingerprint BINARY(32) NULL,
  photos_wanted INT NOT NULL,
  photos_present INT NOT NULL,
  version INT NOT NULL,
  created_by BINARY(16) NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT inspections_number UNIQUE (number, revision),
  CONSTRAINT inspections_contract FOREIGN KEY (contract_id) REFERENCES contracts (id),
  CONSTRAINT inspections_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id),
  KEY inspections_by_state (state, id),
  KEY inspections_by_supplier (supplier_id, id),
  KEY inspections_by_contract (contract_id, id),
  KEY inspections_by_kind (kind, id),
  KEY inspections_by_verdict (verdict, id),
  KEY inspections_by_date (planned_on, id),
  KEY inspections_by_chain (chain_id, chain_no, revision)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS inspection_inspectors (
  inspection_id BINARY(16) NOT NULL,
  user_id BINARY(16) NOT NULL,
  PRIMARY KEY (inspection_id, user_id),
  CONSTRAINT inspection_inspectors_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id),
  CONSTRAINT inspection_inspectors_user FOREIGN KEY (user_id) REFERENCES users (id),
  KEY inspection_inspectors_by_user (user_id, inspection_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS inspection_lots (
  id BINARY(16) NOT NULL PRIMARY KEY,
  inspection_id BINARY(16) NOT NULL,
  position INT NOT NULL,
  lot_id BINARY(16) NOT NULL,
  line_id BINARY(16) NOT NULL,
  product_id BINARY(16) NOT NULL,
  supplier_id BINARY(16) NOT NULL,
  standard_id BINARY(16) NOT NULL,
  standard_code VARCHAR(60) NOT NULL,
  snapshot LONGTEXT NOT NULL,
  snapshot_hash BINARY(32) NOT NULL,
  plan LONGTEXT NOT NULL,
  seed BINARY(32) NOT NULL,
  quantity_ordered BIGINT NULL,
  quantity_produced BIGINT NULL,
  quantity_packed BIGINT NULL,
  quantity_presented BIGINT NULL,
  cartons_presented INT NULL,
  cartons_opened LONGTEXT NOT NULL,
  units_examined INT NULL,
  judgement LONGTEXT NULL,
  verdict VARCHAR(20) NOT NULL,
  nc_critical INT NOT NULL,
  nc_major INT NOT NULL,
  nc_minor INT NOT NULL,
  remark LONGTEXT NOT NULL,
  decision VARCHAR(20) NOT NULL,
  inspected_on DATE NULL,
  overlaps LONGTEXT NOT NULL,
  CONSTRAINT inspection_lots_position UNIQUE (inspection_id, position),
  CONSTRAINT inspection_lots_once UNIQUE (inspection_id, lot_id),
  CONSTRAINT inspection_lots_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id),
  CONSTRAINT inspection_lots_lot FOREIGN KEY (lot_id) REFERENCES lots (id),
  CONSTRAINT inspection_lots_standard FOREIGN KEY (standard_id) REFERENCES quality_standards (id),
  KEY inspection_lots_by_lot (lot_id),
  KEY inspection_lots_by_line (line_id),
  KEY inspection_lots_series (supplier_id, product_id, standard_code, inspected_on)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS findings (
  id BINARY(16) NOT NULL PRIMARY KEY,
  inspection_lot_id BINARY(16) NOT NULL,
  position INT NOT NULL,
  defect_code VARCHAR(32) NOT NULL,
  class VARCHAR(10) NOT NULL,
  units INT NOT NULL,
  defects INT NOT NULL,
  cartons LONGTEXT NOT NULL,
  remark LONGTEXT NOT NULL,
  CONSTRAINT findings_units CHECK (units > 0 AND defects >= units),
  CONSTRAINT findings_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id),
  KEY findings_by_lot (inspection_lot_id, position),
  KEY findings_by_defect (defect_code)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- value is the reading × 10^decimals of the pinned characteristic.
CREATE TABLE IF NOT EXISTS readings (
  inspection_lot_id BINARY(16) NOT NULL,
  characteristic VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  no INT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (inspection_lot_id, characteristic, no),
  CONSTRAINT readings_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS inspection_checks (
  inspection_lot_id BINARY(16) NOT NULL,
  code VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  result VARCHAR(20) NOT NULL,
  examined INT NULL,
  nonconforming INT NULL,
  seen LONGTEXT NOT NULL,
  remark LONGTEXT NOT NULL,
  PRIMARY KEY (inspection_lot_id, code),
  CONSTRAINT inspection_checks_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- A photo is declared by the hash of its bytes, which may arrive later.
CREATE TABLE IF NOT EXISTS inspection_photos (
  id BINARY(16) NOT NULL PRIMARY KEY,
  inspection_id BINARY(16) NOT NULL,
  inspection_lot_id BINARY(16) NULL,
  finding_id BINARY(16) NULL,
  check_code VARCHAR(32) NOT NULL,
  position INT NOT NULL,
  sha256 BINARY(32) NOT NULL,
  caption LONGTEXT NOT NULL,
  taken_at DATETIME(3) NULL,
  present BOOLEAN NOT NULL,
  CONSTRAINT inspection_photos_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id),
  KEY inspection_photos_by_inspection (inspection_id, position),
  KEY inspection_photos_by_hash (sha256)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS inspection_signatures (
  inspection_id BINARY(16) NOT NULL,
  side VARCHAR(20) NOT NULL,
  name VARCHAR(200) NOT NULL,
  title VARCHAR(100) NOT NULL,
  signed_at DATETIME(3) NOT NULL,
  refused BOOLEAN NOT NULL,
  reason LONGTEXT NOT NULL,
  image_sha256 BINARY(32) NULL,
  PRIMARY KEY (inspection_id, side),
  CONSTRAINT inspection_signatures_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS inspection_decisions (
  id BINARY(16) NOT NULL PRIMARY KEY,
  inspection_id BINARY(16) NOT NULL,
  inspection_lot_id BINARY(16) NOT NULL UNIQUE,
  decision VARCHAR(20) NOT NULL,
  reason LONGTEXT NOT NULL,
  conditions LONGTEXT NOT NULL,
  price_minor BIGINT NULL,
  price_currency VARCHAR(3) NULL,
  bears_claims VARCHAR(20) NOT NULL,
  decided_by BINARY(16) NULL,
  decided_by_name VARCHAR(200) NOT NULL,
  decided_at DATETIME(3) NOT NULL,
  CONSTRAINT inspection_decisions_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id),
  KEY inspection_decisions_by_inspection (inspection_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- A report that was issued: its bytes lie in the file store under sha256 and
-- are what every later request gets.
CREATE TABLE IF NOT EXISTS issued_reports (
  id BINARY(16) NOT NULL PRIMARY KEY,
  kind VARCHAR(30) NOT NULL,
  entity_id BINARY(16) NOT NULL,
  lang VARCHAR(5) NOT NULL,
  edition VARCHAR(20) NOT NULL,
  sha256 BINARY(32) NOT NULL,
  size BIGINT NOT NULL,
  fingerprint BINARY(32) NOT NULL,
  audit_head BINARY(32) NOT NULL,
  verify_code VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
  created_at DATETIME(3) NOT NULL,
  CONSTRAINT issued_reports_once UNIQUE (kind, entity_id, lang, edition)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
