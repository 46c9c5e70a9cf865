-- Independence: what makes repeated readings findable by an index, and the hints
-- that purchasing has set aside.

-- +goose Up
CREATE TABLE IF NOT EXISTS reading_prints (
  inspection_lot_id BINARY(16) NOT NULL,
  characteristic VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  inspection_id BINARY(16) NOT NULL,
  supplier_id BINARY(16) NOT NULL,
  series BIGINT NOT NULL,
  ordered BIGINT NOT NULL,
  sorted BIGINT NOT NULL,
  n INT NOT NULL,
  PRIMARY KEY (inspection_lot_id, characteristic),
  CONSTRAINT reading_prints_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id),
  KEY reading_prints_by_readings (sorted),
  KEY reading_prints_by_series (series, supplier_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS hints_set_aside (
  id BINARY(16) NOT NULL PRIMARY KEY,
  kind VARCHAR(30) NOT NULL,
  inspector_id BINARY(16) NULL,
  subject BINARY(16) NOT NULL,
  through DATE NOT NULL,
  content LONGTEXT NOT NULL,
  reason LONGTEXT NOT NULL,
  set_aside_by BINARY(16) NULL,
  set_aside_by_name VARCHAR(200) NOT NULL,
  set_aside_at DATETIME(3) NOT NULL,
  KEY hints_set_aside_by_inspector (inspector_id, kind),
  KEY hints_set_aside_by_date (through, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
