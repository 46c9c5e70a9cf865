-- Severity: what a class of a submitted lot counts for in its series, so that
-- planning reads a long history in milliseconds, and what people ruled about a
-- series. Neither is ever changed: a correction is a new inspection lot, a ruling
-- is withdrawn by a later one. The rows of a series lie together by its key.

-- +goose Up
CREATE TABLE IF NOT EXISTS severity_lots (
  inspection_lot_id BLOB NOT NULL,
  class TEXT NOT NULL,
  inspection_id BLOB NOT NULL,
  lot_id BLOB NOT NULL,
  supplier_id BLOB NOT NULL,
  product_id BLOB NOT NULL,
  standard_code TEXT NOT NULL,
  inspected_on TEXT NOT NULL,
  position INTEGER NOT NULL,
  aql TEXT NOT NULL,
  severity TEXT NOT NULL,
  code_letter TEXT NOT NULL,
  plan_letter TEXT NOT NULL,
  lot_size INTEGER NOT NULL,
  sample_size INTEGER NOT NULL,
  ac INTEGER NOT NULL,
  re INTEGER NOT NULL,
  inspect_all BOOLEAN NOT NULL,
  found INTEGER NOT NULL,
  PRIMARY KEY (supplier_id, product_id, standard_code, inspection_lot_id, class),
  CONSTRAINT severity_lots_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id),
  CONSTRAINT severity_lots_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id)
) WITHOUT ROWID;

-- An empty class means every class of the series.
CREATE TABLE IF NOT EXISTS severity_rulings (
  id BLOB NOT NULL PRIMARY KEY,
  supplier_id BLOB NOT NULL,
  product_id BLOB NOT NULL,
  standard_code TEXT NOT NULL,
  class TEXT NOT NULL,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  limiting_quality TEXT NULL,
  ac INTEGER NULL,
  reason TEXT NOT NULL,
  corrective_action_id BLOB NULL,
  withdraws_id BLOB NULL UNIQUE,
  effective_on TEXT NOT NULL,
  ruled_by BLOB NULL,
  ruled_by_name TEXT NOT NULL,
  ruled_at DATETIME NOT NULL,
  CONSTRAINT severity_rulings_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id),
  CONSTRAINT severity_rulings_product FOREIGN KEY (product_id) REFERENCES products (id),
  CONSTRAINT severity_rulings_action FOREIGN KEY (corrective_action_id) REFERENCES corrective_actions (id)
);
CREATE INDEX IF NOT EXISTS severity_rulings_series ON severity_rulings (supplier_id, product_id, standard_code);
