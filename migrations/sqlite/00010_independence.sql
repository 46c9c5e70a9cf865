-- Independence: what makes repeated readings findable by an index, and the hints
-- that purchasing has set aside.

-- +goose Up
CREATE TABLE IF NOT EXISTS reading_prints (
  inspection_lot_id BLOB NOT NULL,
  characteristic TEXT NOT NULL,
  inspection_id BLOB NOT NULL,
  supplier_id BLOB NOT NULL,
  series INTEGER NOT NULL,
  ordered INTEGER NOT NULL,
  sorted INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (inspection_lot_id, characteristic),
  CONSTRAINT reading_prints_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reading_prints_by_readings ON reading_prints (sorted);
CREATE INDEX IF NOT EXISTS reading_prints_by_series ON reading_prints (series, supplier_id);

CREATE TABLE IF NOT EXISTS hints_set_aside (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  inspector_id BLOB NULL,
  subject BLOB NOT NULL,
  through TEXT NOT NULL,
  content TEXT NOT NULL,
  reason TEXT NOT NULL,
  set_aside_by BLOB NULL,
  set_aside_by_name TEXT NOT NULL,
  set_aside_at DATETIME NOT NULL
);
CREATE INDEX IF NOT EXISTS hints_set_aside_by_inspector ON hints_set_aside (inspector_id, kind);
CREATE INDEX IF NOT EXISTS hints_set_aside_by_date ON hints_set_aside (through, id);
