-- Scorecards: the roll-up of each supplier's months, the rates of a month, the
-- profiles that suppliers are scored by, the cards as published and the measures
-- that follow from them.

-- +goose Up
-- One row per product, supplier and month, and one over all products, which lie
-- together: a ranking reads the months it shows and nothing else.
CREATE TABLE IF NOT EXISTS supplier_months (
  product_id BLOB NOT NULL,
  month TEXT NOT NULL,
  supplier_id BLOB NOT NULL,
  lots INTEGER NOT NULL,
  lots_accepted INTEGER NOT NULL,
  lots_critical INTEGER NOT NULL,
  units INTEGER NOT NULL,
  defects_critical INTEGER NOT NULL,
  defects_major INTEGER NOT NULL,
  defects_minor INTEGER NOT NULL,
  visits INTEGER NOT NULL,
  not_ready INTEGER NOT NULL,
  released INTEGER NOT NULL,
  escaped_lots INTEGER NOT NULL,
  shipped INTEGER NOT NULL,
  shipped_dated INTEGER NOT NULL,
  shipped_on_time INTEGER NOT NULL,
  claims INTEGER NOT NULL,
  document_claims INTEGER NOT NULL,
  steps INTEGER NOT NULL,
  steps_on_time INTEGER NOT NULL,
  notes INTEGER NOT NULL,
  notes_settled INTEGER NOT NULL,
  settlement_days INTEGER NOT NULL,
  shipped_minor INTEGER NOT NULL,
  claimed_minor INTEGER NOT NULL,
  granted_minor INTEGER NOT NULL,
  loss_minor INTEGER NOT NULL,
  debited_minor INTEGER NOT NULL,
  recovered_minor INTEGER NOT NULL,
  missing TEXT NOT NULL,
  PRIMARY KEY (product_id, month, supplier_id),
  CONSTRAINT supplier_months_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS supplier_months_by_supplier ON supplier_months (supplier_id, month);

-- Up to which seal of the audit chain the roll-up has followed, and up to which day.
CREATE TABLE IF NOT EXISTS scorecard_cursor (
  id INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL,
  day TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS exchange_rates (
  id BLOB NOT NULL PRIMARY KEY,
  currency TEXT NOT NULL,
  month TEXT NOT NULL,
  rate TEXT NOT NULL,
  source TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT exchange_rates_month UNIQUE (currency, month)
);

CREATE TABLE IF NOT EXISTS score_profiles (
  id BLOB NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  code_key TEXT NOT NULL,
  version_no INTEGER NOT NULL,
  state TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  content TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT score_profiles_version UNIQUE (code_key, version_no),
  CONSTRAINT score_profiles_state CHECK (state IN ('draft', 'active', 'retired'))
);

-- A published card is only ever superseded; its content never changes.
CREATE TABLE IF NOT EXISTS scorecards (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL,
  revision INTEGER NOT NULL,
  reason TEXT NOT NULL,
  superseded_by_id BLOB NULL,
  supplier_id BLOB NOT NULL,
  period_kind TEXT NOT NULL,
  from_month TEXT NOT NULL,
  to_month TEXT NOT NULL,
  profile_id BLOB NOT NULL,
  score INTEGER NULL,
  band TEXT NOT NULL,
  content TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  published_at DATETIME NOT NULL,
  published_by BLOB NULL,
  publisher_name TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  CONSTRAINT scorecards_number UNIQUE (number, revision),
  CONSTRAINT scorecards_period UNIQUE (supplier_id, period_kind, to_month, revision),
  CONSTRAINT scorecards_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id),
  CONSTRAINT scorecards_profile FOREIGN KEY (profile_id) REFERENCES score_profiles (id)
);
CREATE INDEX IF NOT EXISTS scorecards_by_period ON scorecards (period_kind, to_month, id);

CREATE TABLE IF NOT EXISTS supplier_measures (
  id BLOB NOT NULL PRIMARY KEY,
  supplier_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  in_force BOOLEAN NULL,
  scorecard_id BLOB NULL,
  reason TEXT NOT NULL,
  confirmed_by BLOB NULL,
  confirmed_name TEXT NOT NULL,
  confirmed_at DATETIME NOT NULL,
  lifted_by BLOB NULL,
  lifted_at DATETIME NULL,
  lift_reason TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT supplier_measures_once UNIQUE (supplier_id, kind, in_force),
  CONSTRAINT supplier_measures_kind CHECK (kind IN ('watch', 'tightened', 'no_new_contract')),
  CONSTRAINT supplier_measures_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS supplier_measures_by_supplier ON supplier_measures (supplier_id, lifted_at);
