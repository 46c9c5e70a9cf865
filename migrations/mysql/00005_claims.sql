-- Claims: the customer's demand with its items, the evidence asked for, the log
-- of contacts, and the dated rules by which deadlines are computed.

-- +goose Up
CREATE TABLE IF NOT EXISTS claims (
  id BINARY(16) NOT NULL PRIMARY KEY,
  number VARCHAR(30) NOT NULL UNIQUE,
  customer_reference VARCHAR(100) NOT NULL,
  reference_key VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  customer_id BINARY(16) NOT NULL,
  sales_contract_id BINARY(16) NOT NULL,
  shipment_id BINARY(16) NULL,
  received_on DATE NOT NULL,
  survey_body VARCHAR(200) NOT NULL,
  survey_on DATE NULL,
  survey_sha256 BINARY(32) NULL,
  summary LONGTEXT NOT NULL,
  state VARCHAR(20) NOT NULL,
  assigned_to BINARY(16) NULL,
  proposal LONGTEXT NOT NULL,
  reply_by_on DATE NULL,
  closed_reason LONGTEXT NOT NULL,
  reopen_reason LONGTEXT NOT NULL,
  acknowledged_at DATETIME(3) NULL,
  answered_at DATETIME(3) NULL,
  settled_at DATETIME(3) NULL,
  withdrawn_at DATETIME(3) NULL,
  closed_at DATETIME(3) NULL,
  version INT NOT NULL,
  created_by BINARY(16) NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT claims_customer FOREIGN KEY (customer_id) REFERENCES parties (id),
  CONSTRAINT claims_contract FOREIGN KEY (sales_contract_id) REFERENCES contracts (id),
  CONSTRAINT claims_shipment FOREIGN KEY (shipment_id) REFERENCES shipments (id),
  KEY claims_by_state (state, id),
  KEY claims_by_customer (customer_id, id),
  KEY claims_by_contract (sales_contract_id, id),
  KEY claims_by_reference (reference_key),
  KEY claims_by_received (received_on, id),
  KEY claims_by_shipment (shipment_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS claim_items (
  id BINARY(16) NOT NULL PRIMARY KEY,
  claim_id BINARY(16) NOT NULL,
  item_no INT NOT NULL,
  reason VARCHAR(30) NOT NULL,
  sales_line_id BINARY(16) NOT NULL,
  lot_id BINARY(16) NULL,
  defect_code VARCHAR(32) NOT NULL,
  characteristic VARCHAR(32) NOT NULL,
  quantity BIGINT NOT NULL,
  claimed_minor BIGINT NOT NULL,
  claimed_currency VARCHAR(3) NOT NULL,
  apparent BOOLEAN NOT NULL,
  discovered_on DATE NULL,
  text LONGTEXT NOT NULL,
  answer VARCHAR(20) NOT NULL,
  ground VARCHAR(40) NOT NULL,
  answer_text LONGTEXT NOT NULL,
  granted_minor BIGINT NULL,
  granted_currency VARCHAR(3) NULL,
  answered_by BINARY(16) NULL,
  answered_at DATETIME(3) NULL,
  version INT NOT NULL,
  CONSTRAINT claim_items_no UNIQUE (claim_id, item_no),
  CONSTRAINT claim_items_amount CHECK (claimed_minor >= 0 AND quantity >= 0),
  CONSTRAINT claim_items_claim FOREIGN KEY (claim_id) REFERENCES claims (id),
  CONSTRAINT claim_items_line FOREIGN KEY (sales_line_id) REFERENCES contract_lines (id),
  CONSTRAINT claim_items_lot FOREIGN KEY (lot_id) REFERENCES lots (id),
  KEY claim_items_by_line (sales_line_id),
  KEY claim_items_by_lot (lot_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- How much of a sales line is claimed, over all claims: one row to write, so that
-- two claims at once cannot take it above what was shipped, on any engine.
CREATE TABLE IF NOT EXISTS claimed_lines (
  sales_line_id BINARY(16) NOT NULL PRIMARY KEY,
  claimed BIGINT NOT NULL,
  CONSTRAINT claimed_lines_line FOREIGN KEY (sales_line_id) REFERENCES contract_lines (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS claim_evidence (
  id BINARY(16) NOT NULL PRIMARY KEY,
  claim_id BINARY(16) NOT NULL,
  item_no INT NOT NULL,
  kind VARCHAR(40) NOT NULL,
  asked_on DATE NULL,
  received_on DATE NULL,
  sufficient BOOLEAN NULL,
  file_sha256 BINARY(32) NULL,
  file_name VARCHAR(255) NOT NULL,
  note LONGTEXT NOT NULL,
  version INT NOT NULL,
  CONSTRAINT claim_evidence_claim FOREIGN KEY (claim_id) REFERENCES claims (id),
  KEY claim_evidence_by_claim (claim_id, item_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS claim_contacts (
  id BINARY(16) NOT NULL PRIMARY KEY,
  claim_id BINARY(16) NOT NULL,
  at DATETIME(3) NOT NULL,
  by_name VARCHAR(200) NOT NULL,
  channel VARCHAR(20) NOT NULL,
  direction VARCHAR(5) NOT NULL,
  with_whom VARCHAR(200) NOT NULL,
  text LONGTEXT NOT NULL,
  file_sha256 BINARY(32) NULL,
  file_name VARCHAR(255) NOT NULL,
  CONSTRAINT claim_contacts_claim FOREIGN KEY (claim_id) REFERENCES claims (id),
  KEY claim_contacts_by_claim (claim_id, at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS clock_rules (
  id BINARY(16) NOT NULL PRIMARY KEY,
  code VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  edition INT NOT NULL,
  valid_from DATE NULL,
  name_zh VARCHAR(500) NOT NULL,
  name_en VARCHAR(500) NOT NULL,
  starts VARCHAR(20) NOT NULL,
  days INT NOT NULL,
  months INT NOT NULL,
  years INT NOT NULL,
  hidden VARCHAR(10) NOT NULL,
  towards VARCHAR(20) NOT NULL,
  incoterms VARCHAR(200) NOT NULL,
  workdays BOOLEAN NOT NULL,
  source_zh LONGTEXT NOT NULL,
  source_en LONGTEXT NOT NULL,
  citation VARCHAR(500) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  retired_on DATE NULL,
  CONSTRAINT clock_rules_edition UNIQUE (code, edition)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
