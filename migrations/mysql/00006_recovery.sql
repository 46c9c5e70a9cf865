-- Recovery: what a claim cost, who answers for which share, and how the money
-- comes back. Settlements are only ever added.

-- +goose Up
CREATE TABLE IF NOT EXISTS loss_lines (
  id BINARY(16) NOT NULL PRIMARY KEY,
  claim_id BINARY(16) NOT NULL,
  position INT NOT NULL,
  what VARCHAR(30) NOT NULL,
  amount_minor BIGINT NOT NULL,
  amount_currency VARCHAR(3) NOT NULL,
  rate VARCHAR(30) NULL,
  rate_on DATE NULL,
  base_minor BIGINT NOT NULL,
  base_currency VARCHAR(3) NOT NULL,
  document VARCHAR(200) NOT NULL,
  file_sha256 BINARY(32) NULL,
  created_at DATETIME(3) NOT NULL,
  CONSTRAINT loss_lines_amount CHECK (amount_minor >= 0),
  CONSTRAINT loss_lines_claim FOREIGN KEY (claim_id) REFERENCES claims (id),
  KEY loss_lines_by_claim (claim_id, position)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS liabilities (
  id BINARY(16) NOT NULL PRIMARY KEY,
  claim_id BINARY(16) NOT NULL,
  position INT NOT NULL,
  party_kind VARCHAR(20) NOT NULL,
  party_id BINARY(16) NULL,
  percent INT NOT NULL,
  basis LONGTEXT NOT NULL,
  evidence LONGTEXT NOT NULL,
  share_minor BIGINT NOT NULL,
  share_currency VARCHAR(3) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  CONSTRAINT liabilities_percent CHECK (percent >= 0 AND percent <= 10000),
  CONSTRAINT liabilities_claim FOREIGN KEY (claim_id) REFERENCES claims (id),
  CONSTRAINT liabilities_party FOREIGN KEY (party_id) REFERENCES parties (id),
  KEY liabilities_by_claim (claim_id, position)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS recovery_cases (
  id BINARY(16) NOT NULL PRIMARY KEY,
  number VARCHAR(30) NOT NULL UNIQUE,
  claim_id BINARY(16) NOT NULL,
  party_kind VARCHAR(20) NOT NULL,
  party_id BINARY(16) NULL,
  share_minor BIGINT NOT NULL,
  share_currency VARCHAR(3) NOT NULL,
  debited BIGINT NOT NULL,
  recovered BIGINT NOT NULL,
  notice_on DATE NULL,
  state VARCHAR(20) NOT NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT recovery_cases_once UNIQUE (claim_id, party_kind, party_id),
  CONSTRAINT recovery_cases_bounds CHECK (debited >= 0 AND recovered >= 0 AND debited <= share_minor AND recovered <= share_minor),
  CONSTRAINT recovery_cases_claim FOREIGN KEY (claim_id) REFERENCES claims (id),
  CONSTRAINT recovery_cases_party FOREIGN KEY (party_id) REFERENCES parties (id),
  KEY recovery_cases_by_party (party_id, id),
  KEY recovery_cases_by_state (state, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS debit_notes (
  id BINARY(16) NOT NULL PRIMARY KEY,
  number VARCHAR(30) NOT NULL UNIQUE,
  case_id BINARY(16) NOT NULL,
  claim_id BINARY(16) NOT NULL,
  party_kind VARCHAR(20) NOT NULL,
  party_id BINARY(16) NULL,
  amount_minor BIGINT NOT NULL,
  amount_currency VARCHAR(3) NOT NULL,
  settled BIGINT NOT NULL,
  state VARCHAR(20) NOT NULL,
  reopens_as VARCHAR(20) NOT NULL,
  issued_on DATE NOT NULL,
  objection_until DATE NULL,
  accepted_minor BIGINT NULL,
  objection LONGTEXT NOT NULL,
  cancel_reason LONGTEXT NOT NULL,
  replaces_id BINARY(16) NULL,
  content LONGTEXT NOT NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT debit_notes_bounds CHECK (amount_minor > 0 AND settled >= 0 AND settled <= amount_minor),
  CONSTRAINT debit_notes_case FOREIGN KEY (case_id) REFERENCES recovery_cases (id),
  KEY debit_notes_by_case (case_id),
  KEY debit_notes_by_party (party_id, id),
  KEY debit_notes_by_state (state, id),
  KEY debit_notes_ageing (state, party_id, amount_currency, issued_on, amount_minor, settled)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS settlements (
  id BINARY(16) NOT NULL PRIMARY KEY,
  note_id BINARY(16) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  amount_minor BIGINT NOT NULL,
  amount_currency VARCHAR(3) NOT NULL,
  paid_minor BIGINT NULL,
  paid_currency VARCHAR(3) NULL,
  rate VARCHAR(30) NULL,
  fx_minor BIGINT NOT NULL,
  settled_on DATE NOT NULL,
  reference VARCHAR(200) NOT NULL,
  reason LONGTEXT NOT NULL,
  reverses_id BINARY(16) NULL UNIQUE,
  created_by BINARY(16) NULL,
  created_at DATETIME(3) NOT NULL,
  CONSTRAINT settlements_note FOREIGN KEY (note_id) REFERENCES debit_notes (id),
  KEY settlements_by_note (note_id, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS corrective_actions (
  id BINARY(16) NOT NULL PRIMARY KEY,
  number VARCHAR(30) NOT NULL UNIQUE,
  supplier_id BINARY(16) NOT NULL,
  claim_id BINARY(16) NULL,
  inspection_id BINARY(16) NULL,
  product_id BINARY(16) NULL,
  problem LONGTEXT NOT NULL,
  steps LONGTEXT NOT NULL,
  state VARCHAR(20) NOT NULL,
  opened_on DATE NOT NULL,
  next_due_on DATE NULL,
  verified_by BINARY(16) NULL,
  verified_on DATE NULL,
  verification LONGTEXT NOT NULL,
  closed_at DATETIME(3) NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT corrective_actions_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id),
  CONSTRAINT corrective_actions_claim FOREIGN KEY (claim_id) REFERENCES claims (id),
  CONSTRAINT corrective_actions_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id),
  KEY corrective_actions_by_supplier (supplier_id, id),
  KEY corrective_actions_by_state (state, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS sent_documents (
  id BINARY(16) NOT NULL PRIMARY KEY,
  report_id BINARY(16) NULL,
  kind VARCHAR(30) NOT NULL,
  entity_id BINARY(16) NOT NULL,
  claim_id BINARY(16) NULL,
  lang VARCHAR(5) NOT NULL,
  edition VARCHAR(20) NOT NULL,
  sha256 BINARY(32) NOT NULL,
  size BIGINT NOT NULL,
  sent_to VARCHAR(300) NOT NULL,
  channel VARCHAR(20) NOT NULL,
  sent_at DATETIME(3) NOT NULL,
  sent_by_name VARCHAR(200) NOT NULL,
  KEY sent_documents_by_entity (entity_id, id),
  KEY sent_documents_by_claim (claim_id, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
