-- Claims: the customer's demand with its items, the evidence asked for, the log
-- of contacts, and the dated rules by which deadlines are computed.

-- +goose Up
CREATE TABLE IF NOT EXISTS claims (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_reference TEXT NOT NULL,
  reference_key TEXT NOT NULL,
  customer_id BLOB NOT NULL,
  sales_contract_id BLOB NOT NULL,
  shipment_id BLOB NULL,
  received_on TEXT NOT NULL,
  survey_body TEXT NOT NULL,
  survey_on TEXT NULL,
  survey_sha256 BLOB NULL,
  summary TEXT NOT NULL,
  state TEXT NOT NULL,
  assigned_to BLOB NULL,
  proposal TEXT NOT NULL,
  reply_by_on TEXT NULL,
  closed_reason TEXT NOT NULL,
  reopen_reason TEXT NOT NULL,
  acknowledged_at DATETIME NULL,
  answered_at DATETIME NULL,
  settled_at DATETIME NULL,
  withdrawn_at DATETIME NULL,
  closed_at DATETIME NULL,
  version INTEGER NOT NULL,
  created_by BLOB NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT claims_customer FOREIGN KEY (customer_id) REFERENCES parties (id),
  CONSTRAINT claims_contract FOREIGN KEY (sales_contract_id) REFERENCES contracts (id),
  CONSTRAINT claims_shipment FOREIGN KEY (shipment_id) REFERENCES shipments (id)
);
CREATE INDEX IF NOT EXISTS claims_by_state ON claims (state, id);
CREATE INDEX IF NOT EXISTS claims_by_customer ON claims (customer_id, id);
CREATE INDEX IF NOT EXISTS claims_by_contract ON claims (sales_contract_id, id);
CREATE INDEX IF NOT EXISTS claims_by_reference ON claims (reference_key);
CREATE INDEX IF NOT EXISTS claims_by_received ON claims (received_on, id);
CREATE INDEX IF NOT EXISTS claims_by_shipment ON claims (shipment_id);

CREATE TABLE IF NOT EXISTS claim_items (
  id BLOB NOT NULL PRIMARY KEY,
  claim_id BLOB NOT NULL,
  item_no INTEGER NOT NULL,
  reason TEXT NOT NULL,
  sales_line_id BLOB NOT NULL,
  lot_id BLOB NULL,
  defect_code TEXT NOT NULL,
  characteristic TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  claimed_minor INTEGER NOT NULL,
  claimed_currency TEXT NOT NULL,
  apparent BOOLEAN NOT NULL,
  discovered_on TEXT NULL,
  text TEXT NOT NULL,
  answer TEXT NOT NULL,
  ground TEXT NOT NULL,
  answer_text TEXT NOT NULL,
  granted_minor INTEGER NULL,
  granted_currency TEXT NULL,
  answered_by BLOB NULL,
  answered_at DATETIME NULL,
  version INTEGER NOT NULL,
  CONSTRAINT claim_items_no UNIQUE (claim_id, item_no),
  CONSTRAINT claim_items_amount CHECK (claimed_minor >= 0 AND quantity >= 0),
  CONSTRAINT claim_items_claim FOREIGN KEY (claim_id) REFERENCES claims (id),
  CONSTRAINT claim_items_line FOREIGN KEY (sales_line_id) REFERENCES contract_lines (id),
  CONSTRAINT claim_items_lot FOREIGN KEY (lot_id) REFERENCES lots (id)
);
CREATE INDEX IF NOT EXISTS claim_items_by_line ON claim_items (sales_line_id);
CREATE INDEX IF NOT EXISTS claim_items_by_lot ON claim_items (lot_id);

-- How much of a sales line is claimed, over all claims: one row to write, so that
-- two claims at once cannot take it above what was shipped, on any engine.
CREATE TABLE IF NOT EXISTS claimed_lines (
  sales_line_id BLOB NOT NULL PRIMARY KEY,
  claimed INTEGER NOT NULL,
  CONSTRAINT claimed_lines_line FOREIGN KEY (sales_line_id) REFERENCES contract_lines (id)
);

CREATE TABLE IF NOT EXISTS claim_evidence (
  id BLOB NOT NULL PRIMARY KEY,
  claim_id BLOB NOT NULL,
  item_no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  asked_on TEXT NULL,
  received_on TEXT NULL,
  sufficient BOOLEAN NULL,
  file_sha256 BLOB NULL,
  file_name TEXT NOT NULL,
  note TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT claim_evidence_claim FOREIGN KEY (claim_id) REFERENCES claims (id)
);
CREATE INDEX IF NOT EXISTS claim_evidence_by_claim ON claim_evidence (claim_id, item_no);

CREATE TABLE IF NOT EXISTS claim_contacts (
  id BLOB NOT NULL PRIMARY KEY,
  claim_id BLOB NOT NULL,
  at DATETIME NOT NULL,
  by_name TEXT NOT NULL,
  channel TEXT NOT NULL,
  direction TEXT NOT NULL,
  with_whom TEXT NOT NULL,
  text TEXT NOT NULL,
  file_sha256 BLOB NULL,
  file_name TEXT NOT NULL,
  CONSTRAINT claim_contacts_claim FOREIGN KEY (claim_id) REFERENCES claims (id)
);
CREATE INDEX IF NOT EXISTS claim_contacts_by_claim ON claim_contacts (claim_id, at);

CREATE TABLE IF NOT EXISTS clock_rules (
  id BLOB NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  edition INTEGER NOT NULL,
  valid_from TEXT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  starts TEXT NOT NULL,
  days INTEGER NOT NULL,
  months INTEGER NOT NULL,
  years INTEGER NOT NULL,
  hidden TEXT NOT NULL,
  towards TEXT NOT NULL,
  incoterms TEXT NOT NULL,
  workdays BOOLEAN NOT NULL,
  source_zh TEXT NOT NULL,
  source_en TEXT NOT NULL,
  citation TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  retired_on TEXT NULL,
  CONSTRAINT clock_rules_edition UNIQUE (code, edition)
);
