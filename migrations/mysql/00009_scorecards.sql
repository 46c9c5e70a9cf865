-- Scorecards: the roll-up of each supplier's months, the rates of a month, the
-- profiles that suppliers are scored by, the cards as published and the measures
-- that follow from them.

-- +goose Up
-- One row per product, supplier and month, and one over all products, which lie
-- together: a ranking reads the months it shows and nothing else.
CREATE TABLE IF NOT EXISTS supplier_months (
  product_id BINARY(16) NOT NULL,
  month VARCHAR(7) NOT NULL,
  supplier_id BINARY(16) NOT NULL,
  lots BIGINT NOT NULL,
  lots_accepted BIGINT NOT NULL,
  lots_critical BIGINT NOT NULL,
  units BIGINT NOT NULL,
  defects_critical BIGINT NOT NULL,
  defects_major BIGINT NOT NULL,
  defects_minor BIGINT NOT NULL,
  visits BIGINT NOT NULL,
  not_ready BIGINT NOT NULL,
  released BIGINT NOT NULL,
  escaped_lots BIGINT NOT NULL,
  shipped BIGINT NOT NULL,
  shipped_dated BIGINT NOT NULL,
  shipped_on_time BIGINT NOT NULL,
  claims BIGINT NOT NULL,
  document_claims BIGINT NOT NULL,
  steps BIGINT NOT NULL,
  steps_on_time BIGINT NOT NULL,
  notes BIGINT NOT NULL,
  notes_settled BIGINT NOT NULL,
  settlement_days BIGINT NOT NULL,
  shipped_minor BIGINT NOT NULL,
  claimed_minor BIGINT NOT NULL,
  granted_minor BIGINT NOT NULL,
  loss_minor BIGINT NOT NULL,
  debited_minor BIGINT NOT NULL,
  recovered_minor BIGINT NOT NULL,
  missing VARCHAR(200) NOT NULL,
  PRIMARY KEY (product_id, month, supplier_id),
  CONSTRAINT supplier_months_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id),
  KEY supplier_months_by_supplier (supplier_id, month)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Up to which seal of the audit chain the roll-up has followed, and up to which day.
CREATE TABLE IF NOT EXISTS scorecard_cursor (
  id INT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,
  day DATE NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS exchange_rates (
  id BINARY(16) NOT NULL PRIMARY KEY,
  currency VARCHAR(3) NOT NULL,
  month VARCHAR(7) NOT NULL,
  rate VARCHAR(30) NOT NULL,
  source VARCHAR(200) NOT NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT exchange_rates_month UNIQUE (currency, month)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS score_profiles (
  id BINARY(16) NOT NULL PRIMARY KEY,
  code VARCHAR(40) NOT NULL,
  code_key VARCHAR(40) NOT NULL,
  version_no INT NOT NULL,
  state VARCHAR(20) NOT NULL,
  name_zh VARCHAR(200) NOT NULL,
  name_en VARCHAR(200) NOT NULL,
  content LONGTEXT NOT NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT score_profiles_version UNIQUE (code_key, version_no),
  CONSTRAINT score_profiles_state CHECK (state IN ('draft', 'active', 'retired'))
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- A published card is only ever superseded; its content never changes.
CREATE TABLE IF NOT EXISTS scorecards (
  id BINARY(16) NOT NULL PRIMARY KEY,
  number VARCHAR(30) NOT NULL,
  revision INT NOT NULL,
  reason LONGTEXT NOT NULL,
  superseded_by_id BINARY(16) NULL,
  supplier_id BINARY(16) NOT NULL,
  period_kind VARCHAR(20) NOT NULL,
  from_month VARCHAR(7) NOT NULL,
  to_month VARCHAR(7) NOT NULL,
  profile_id BINARY(16) NOT NULL,
  score INT NULL,
  band VARCHAR(8) NOT NULL,
  content LONGTEXT NOT NULL,
  content_hash BINARY(32) NOT NULL,
  published_at DATETIME(3) NOT NULL,
  published_by BINARY(16) NULL,
  publisher_name VARCHAR(200) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  CONSTRAINT scorecards_number UNIQUE (number, revision),
  CONSTRAINT scorecards_period UNIQUE (supplier_id, period_kind, to_month, revision),
  CONSTRAINT scorecards_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id),
  CONSTRAINT scorecards_profile FOREIGN KEY (profile_id) REFERENCES score_profiles (id),
  KEY scorecards_by_period (period_kind, to_month, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS supplier_measures (
  id BINARY(16) NOT NULL PRIMARY KEY,
  supplier_id BINARY(16) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  in_force BOOLEAN NULL,
  scorecard_id BINARY(16) NULL,
  reason LONGTEXT NOT NULL,
  confirmed_by BINARY(16) NULL,
  confirmed_name VARCHAR(200) NOT NULL,
  confirmed_at DATETIME(3) NOT NULL,
  lifted_by BINARY(16) NULL,
  lifted_at DATETIME(3) NULL,
  lift_reason LONGTEXT NOT NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT supplier_measures_once UNIQUE (supplier_id, kind, in_force),
  CONSTRAINT supplier_measures_kind CHECK (kind IN ('watch', 'tightened', 'no_new_contract')),
  CONSTRAINT supplier_measures_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id),
  KEY supplier_measures_by_supplier (supplier_id, lifted_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
