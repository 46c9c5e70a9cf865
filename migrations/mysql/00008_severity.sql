-- Severity: what a class of a submitted lot counts for in its series, so that
-- planning reads a long history in milliseconds, and what people ruled about a
-- series. Neither is ever changed: a correction is a new inspection lot, a ruling
-- is withdrawn by a later one. The rows of a series lie together by its key.

-- +goose Up
CREATE TABLE IF NOT EXISTS severity_lots (
  inspection_lot_id BINARY(16) NOT NULL,
  class VARCHAR(20) NOT NULL,
  inspection_id BINARY(16) NOT NULL,
  lot_id BINARY(16) NOT NULL,
  supplier_id BINARY(16) NOT NULL,
  product_id BINARY(16) NOT NULL,
  standard_code VARCHAR(60) NOT NULL,
  inspected_on DATE NOT NULL,
  position INT NOT NULL,
  aql VARCHAR(8) NOT NULL,
  severity VARCHAR(20) NOT NULL,
  code_letter VARCHAR(1) NOT NULL,
  plan_letter VARCHAR(1) NOT NULL,
  lot_size INT NOT NULL,
  sample_size INT NOT NULL,
  ac INT NOT NULL,
  re INT NOT NULL,
  inspect_all BOOLEAN NOT NULL,
  found INT NOT NULL,
  PRIMARY KEY (supplier_id, product_id, standard_code, inspection_lot_id, class),
  CONSTRAINT severity_lots_lot FOREIGN KEY (inspection_lot_id) REFERENCES inspection_lots (id),
  CONSTRAINT severity_lots_inspection FOREIGN KEY (inspection_id) REFERENCES inspections (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- An empty class means every class of the series.
CREATE TABLE IF NOT EXISTS severity_rulings (
  id BINARY(16) NOT NULL PRIMARY KEY,
  supplier_id BINARY(16) NOT NULL,
  product_id BINARY(16) NOT NULL,
  standard_code VARCHAR(60) NOT NULL,
  class VARCHAR(20) NOT NULL,
  kind VARCHAR(30) NOT NULL,
  severity VARCHAR(20) NOT NULL,
  limiting_quality VARCHAR(30) NULL,
  ac INT NULL,
  reason LONGTEXT NOT NULL,
  corrective_action_id BINARY(16) NULL,
  withdraws_id BINARY(16) NULL UNIQUE,
  effective_on DATE NOT NULL,
  ruled_by BINARY(16) NULL,
  ruled_by_name VARCHAR(200) NOT NULL,
  ruled_at DATETIME(3) NOT NULL,
  CONSTRAINT severity_rulings_supplier FOREIGN KEY (supplier_id) REFERENCES parties (id),
  CONSTRAINT severity_rulings_product FOREIGN KEY (product_id) REFERENCES products (id),
  CONSTRAINT severity_rulings_action FOREIGN KEY (corrective_action_id) REFERENCES corrective_actions (id),
  KEY severity_rulings_series (supplier_id, product_id, standard_code)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
