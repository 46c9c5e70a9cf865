-- Master data and the goods' way: parties, products, quality standards,
-- contracts with lines and links, lots, shipments.

-- +goose Up
CREATE TABLE IF NOT EXISTS parties (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  code_key TEXT NOT NULL UNIQUE,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  country TEXT NOT NULL,
  place TEXT NOT NULL,
  address TEXT NOT NULL,
  contact TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  owner_id BLOB NULL,
  search TEXT NOT NULL,
  archived_at DATETIME NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT parties_owner FOREIGN KEY (owner_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS parties_by_kind ON parties (kind, id);

CREATE TABLE IF NOT EXISTS products (
  id BLOB NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  code_key TEXT NOT NULL UNIQUE,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  category TEXT NOT NULL,
  unit TEXT NOT NULL,
  specification TEXT NOT NULL,
  search TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL
);

CREATE TABLE IF NOT EXISTS quality_standards (
  id BLOB NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  code_key TEXT NOT NULL,
  version_no INTEGER NOT NULL,
  state TEXT NOT NULL,
  effective_from TEXT NULL,
  title_zh TEXT NOT NULL,
  title_en TEXT NOT NULL,
  content TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  file_sha256 BLOB NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT quality_standards_version UNIQUE (code_key, version_no),
  CONSTRAINT quality_standards_state CHECK (state IN ('draft', 'active', 'retired'))
);

CREATE TABLE IF NOT EXISTS contracts (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  number_key TEXT NOT NULL,
  signed_on TEXT NULL,
  party_id BLOB NOT NULL,
  currency TEXT NOT NULL,
  incoterm TEXT NOT NULL,
  port TEXT NOT NULL,
  latest_shipment TEXT NULL,
  shipping_marks TEXT NOT NULL,
  packing TEXT NOT NULL,
  quality_clause TEXT NOT NULL,
  required_documents TEXT NOT NULL,
  claim_clause TEXT NOT NULL,
  remark TEXT NOT NULL,
  closed_at DATETIME NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT contracts_number UNIQUE (kind, number_key),
  CONSTRAINT contracts_kind CHECK (kind IN ('purchase', 'sales')),
  CONSTRAINT contracts_party FOREIGN KEY (party_id) REFERENCES parties (id)
);
CREATE INDEX IF NOT EXISTS contracts_by_party ON contracts (party_id, id);
CREATE INDEX IF NOT EXISTS contracts_by_kind ON contracts (kind, id);

CREATE TABLE IF NOT EXISTS contract_lines (
  id BLOB NOT NULL PRIMARY KEY,
  contract_id BLOB NOT NULL,
  line_no INTEGER NOT NULL,
  product_id BLOB NOT NULL,
  specification TEXT NOT NULL,
  attributes TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  unit TEXT NOT NULL,
  tolerance_percent TEXT NULL,
  tolerance_option TEXT NOT NULL,
  tolerance_price TEXT NOT NULL,
  unit_price TEXT NULL,
  standard_id BLOB NULL,
  CONSTRAINT contract_lines_no UNIQUE (contract_id, line_no),
  CONSTRAINT contract_lines_quantity CHECK (quantity > 0),
  CONSTRAINT contract_lines_contract FOREIGN KEY (contract_id) REFERENCES contracts (id),
  CONSTRAINT contract_lines_product FOREIGN KEY (product_id) REFERENCES products (id),
  CONSTRAINT contract_lines_standard FOREIGN KEY (standard_id) REFERENCES quality_standards (id)
);
CREATE INDEX IF NOT EXISTS contract_lines_by_standard ON contract_lines (standard_id);

-- A sales line is fed by purchase lines.
CREATE TABLE IF NOT EXISTS line_links (
  sales_line_id BLOB NOT NULL,
  purchase_line_id BLOB NOT NULL,
  PRIMARY KEY (sales_line_id, purchase_line_id),
  CONSTRAINT line_links_sales FOREIGN KEY (sales_line_id) REFERENCES contract_lines (id),
  CONSTRAINT line_links_purchase FOREIGN KEY (purchase_line_id) REFERENCES contract_lines (id)
);
CREATE INDEX IF NOT EXISTS line_links_by_purchase ON line_links (purchase_line_id);

CREATE TABLE IF NOT EXISTS lots (
  id BLOB NOT NULL PRIMARY KEY,
  line_id BLOB NOT NULL,
  batch TEXT NOT NULL,
  batch_key TEXT NOT NULL,
  produced_from TEXT NULL,
  produced_to TEXT NULL,
  quantity INTEGER NOT NULL,
  cartons INTEGER NOT NULL,
  per_carton INTEGER NOT NULL,
  carton_from INTEGER NOT NULL,
  carton_to INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT lots_batch UNIQUE (line_id, batch_key),
  CONSTRAINT lots_quantity CHECK (quantity > 0),
  CONSTRAINT lots_line FOREIGN KEY (line_id) REFERENCES contract_lines (id)
);
CREATE INDEX IF NOT EXISTS lots_by_batch ON lots (batch_key);

CREATE TABLE IF NOT EXISTS shipments (
  id BLOB NOT NULL PRIMARY KEY,
  sales_contract_id BLOB NOT NULL,
  bill_of_lading TEXT NOT NULL,
  bill_key TEXT NOT NULL,
  vessel TEXT NOT NULL,
  delivered_on TEXT NULL,
  loaded_on TEXT NULL,
  arrived_on TEXT NULL,
  remark TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT shipments_contract FOREIGN KEY (sales_contract_id) REFERENCES contracts (id)
);
CREATE INDEX IF NOT EXISTS shipments_by_contract ON shipments (sales_contract_id, id);
CREATE INDEX IF NOT EXISTS shipments_by_bill ON shipments (bill_key);

CREATE TABLE IF NOT EXISTS shipment_lots (
  shipment_id BLOB NOT NULL,
  lot_id BLOB NOT NULL,
  sales_line_id BLOB NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (shipment_id, lot_id, sales_line_id),
  CONSTRAINT shipment_lots_quantity CHECK (quantity > 0),
  CONSTRAINT shipment_lots_shipment FOREIGN KEY (shipment_id) REFERENCES shipments (id),
  CONSTRAINT shipment_lots_lot FOREIGN KEY (lot_id) REFERENCES lots (id),
  CONSTRAINT shipment_lots_line FOREIGN KEY (sales_line_id) REFERENCES contract_lines (id)
);
CREATE INDEX IF NOT EXISTS shipment_lots_by_lot ON shipment_lots (lot_id);
CREATE INDEX IF NOT EXISTS shipment_lots_by_line ON shipment_lots (sales_line_id);

CREATE TABLE IF NOT EXISTS containers (
  id BLOB NOT NULL PRIMARY KEY,
  shipment_id BLOB NOT NULL,
  number TEXT NOT NULL,
  number_key TEXT NOT NULL,
  seal TEXT NOT NULL,
  CONSTRAINT containers_number UNIQUE (shipment_id, number_key),
  CONSTRAINT containers_shipment FOREIGN KEY (shipment_id) REFERENCES shipments (id)
);
CREATE INDEX IF NOT EXISTS containers_by_number ON containers (number_key);

CREATE TABLE IF NOT EXISTS shipment_documents (
  id BLOB NOT NULL PRIMARY KEY,
  shipment_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  draft_sent_on TEXT NULL,
  confirmed_on TEXT NULL,
  confirmed_by TEXT NOT NULL,
  file_sha256 BLOB NULL,
  file_name TEXT NOT NULL,
  not_needed_why TEXT NOT NULL,
  CONSTRAINT shipment_documents_kind UNIQUE (shipment_id, kind),
  CONSTRAINT shipment_documents_shipment FOREIGN KEY (shipment_id) REFERENCES shipments (id)
);
