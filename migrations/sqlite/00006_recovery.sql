-- Recovery: what a claim cost, who answers for which share, and how the money
-- comes back. Settlements are only ever added.

-- +goose Up
CREATE TABLE IF NOT EXISTS loss_lines (
  id BLOB NOT NULL PRIMARY KEY,
  claim_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  what TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  amount_currency TEXT NOT NULL,
  rate TEXT NULL,
  rate_on TEXT NULL,
  base_minor INTEGER NOT NULL,
  base_currency TEXT NOT NULL,
  document TEXT NOT NULL,
  file_sha256 BLOB NULL,
  created_at DATETIME NOT NULL,
  CONSTRAINT loss_lines_amount CHECK (amount_minor >= 0),
  CONSTRAINT loss_lines_claim FOREIGN KEY (claim_id) REFERENCES claims (id)
);
CREATE INDEX IF NOT EXISTS loss_lines_by_claim ON loss_lines (claim_id, position);

CREATE TABLE IF NOT EXISTS liabilities (
  id BLOB NOT NULL PRIMARY KEY,
  claim_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  party_kind TEXT NOT NULL,
  party_id BLOB NULL,
  percent INTEGER NOT NULL,
  basis TEXT NOT NULL,
  evidence TEXT NOT NULL,
  share_minor INTEGER NOT NULL,
  share_currency TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  CONSTRAINT liabilities_percent CHECK (percent >= 0 AND percent <= 10000),
  CONSTRAINT liabilities_claim FOREIGN KEY (claim_id) REFERENCES claims (id),
  CONSTRAINT liabilities_party FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS liabilities_by_claim ON liabilities (claim_id, position);

CREATE TABLE IF NOT EXISTS recovery_cases (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  claim_id BLOB NOT NULL,
  party_kind TEXT NOT NULL,
  party_id BLOB NULL,
  share_minor INTEGER NOT NULL,
  share_currency TEXT NOT NULL,
  debited INTEGER NOT NULL,
  recovered INTEGER NOT NULL,
  notice_on TEXT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT recovery_cases_once UNIQUE (claim_id, party_kind, party_id),
  CONSTRAINT recovery_cases_bounds CHECK (debited >= 0 AND recovered >= 0 AND debited <= share_minor AND recovered <= share_minor),
  CONSTRAINT recovery_cases_claim FOREIGN KEY (claim_id) REFERENCES claims (id),
  CONSTRAINT recovery_cases_party FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS recovery_cases_by_party ON recovery_cases (party_id, id);
CREATE INDEX IF NOT EXISTS recovery_cases_by_state ON recovery_cases (state, id);

CREATE TABLE IF NOT EXISTS debit_notes (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  case_id BLOB NOT NULL,
  claim_id BLOB NOT NULL,
  party_kind TEXT NOT NULL,
  party_id BLOB NULL,
  amount_minor INTEGER NOT NULL,
  amount_currency TEXT NOT NULL,
  settled INTEGER NOT NULL,
  state TEXT NOT NULL,
  reopens_as TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  objection_until TEXT NULL,
  accepted_minor INTEGER NULL,
  objection TEXT NOT NULL,
  cancel_reason TEXT NOT NULL,
  replaces_id BLOB NULL,
  content TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT debit_notes_bounds CHECK (amount_minor > 0 AND settled >= 0 AND settled <= amount_minor),
  CONSTRAINT debit_notes_case FOREIGN KEY (case_id) REFERENCES recovery_cases (id)
);
CREATE INDEX IF NOT EXISTS debit_notes_by_case ON debit_notes (case_id);
CREATE INDEX IF NOT EXISTS debit_notes_by_party ON debit_notes (party_id, id);
CREATE INDEX IF NOT EXISTS debit_notes_by_state ON debit_notes (state, id);
-- Ageing reads only what is open: party, currency, date and figures from the index alone.
CREATE INDEX IF NOT EXISTS debit_notes_ageing ON debit_notes (state, party_id, amount_currency, issued_on, amount_minor, settled);

CREATE TABLE IF NOT EXISTS settlements (
  id BLOB NOT NULL PRIMARY KEY,
  note_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  amount_currency TEXT NOT NULL,
  paid_minor INTEGER NULL,
  paid_currency TEXT NULL,
  rate TEXT NULL,
  fx_minor INTEGER NOT NULL,
  settled_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  reason TEXT NOT NULL,
  reverses_id BLOB NULL UNIQUE,
  created_by BLOB NULL,
  created_at DATETIME NOT NULL,
  CONSTRAINT settlements_note FOREIGN KEY (note_id) REFERENCES debit_notes (id)
);
CREATE INDEX IF NOT EXISTS settlements_by_note ON settlements (note_id, id);

CREATE TABLE IF NOT EXISTS corrective_actions (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  supplier_id BLOB NOT NULL,
  claim_id BLOB NULL,
  inspection_id BLOB NULL,
  product_id BLOB NULL,
  problem TEXT NOT NULL,
  steps TEXT NOT NULL,
  state TEXT NOT NULL,
  opened_on TEXT NOT NULL,
  next_due_on TEXT NULL,
  verified_by BLOB NULL,
  verified_on TEXT NULL,
  verification TEXT NOT NULL,
  closed_at DATETIME NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT corrective_actions_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id),
  CONSTRAINT corrective_actions_claim FOREIGN KEY (claim_id) REFERENCES claims (id),
  CONSTRAINT corrective_actions_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id)
);
CREATE INDEX IF NOT EXISTS corrective_actions_by_supplier ON corrective_actions (supplier_id, id);
CREATE INDEX IF NOT EXISTS corrective_actions_by_state ON corrective_actions (state, id);

CREATE TABLE IF NOT EXISTS sent_documents (
  id BLOB NOT NULL PRIMARY KEY,
  report_id BLOB NULL,
  kind TEXT NOT NULL,
  entity_id BLOB NOT NULL,
  claim_id BLOB NULL,
  lang TEXT NOT NULL,
  edition TEXT NOT NULL,
  sha256 BLOB NOT NULL,
  size INTEGER NOT NULL,
  sent_to TEXT NOT NULL,
  channel TEXT NOT NULL,
  sent_at DATETIME NOT NULL,
  sent_by_name TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sent_documents_by_entity ON sent_documents (entity_id, id);
CREATE INDEX IF NOT EXISTS sent_documents_by_claim ON sent_documents (claim_id, id);
