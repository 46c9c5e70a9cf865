-- Master data and the goods' way: parties, products, quality standards,
-- contracts with lines and links, lots, shipments.

-- +goose Up
CREATE TABLE IF NOT EXISTS parties (
  id BINARY(16) NOT NULL PRIMARY KEY,
  kind VARCHAR(20) NOT NULL,
  code VARCHAR(40) NOT NULL,
  code_key VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
  name_zh VARCHAR(500) NOT NULL,
  name_en VARCHAR(500) NOT NULL,
  country VARCHAR(2) NOT NULL,
  place VARCHAR(200) NOT NULL,
  address VARCHAR(500) NOT NULL,
  contact VARCHAR(200) NOT NULL,
  email VARCHAR(254) NOT NULL,
  phone VARCHAR(60) NOT NULL,
  owner_id BINARY(16) NULL,
  search LONGTEXT NOT NULL,
  archived_at DATETIME(3) NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT parties_owner FOREIGN KEY (owner_id) REFERENCES users (id),
  KEY parties_by_kind (kind, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS products (
  id BINARY(16) NOT NULL PRIMARY KEY,
  code VARCHAR(60) NOT NULL,
  code_key VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
  name_zh VARCHAR(500) NOT NULL,
  name_en VARCHAR(500) NOT NULL,
  category VARCHAR(100) NOT NULL,
  unit VARCHAR(20) NOT NULL,
  specification LONGTEXT NOT NULL,
  search LONGTEXT NOT NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS quality_standards (
  id BINARY(16) NOT NULL PRIMARY KEY,
  code VARCHAR(60) NOT NULL,
  code_key VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  version_no INT NOT NULL,
  state VARCHAR(20) NOT NULL,
  effective_from DATE NULL,
  title_zh VARCHAR(500) NOT NULL,
  title_en VARCHAR(500) NOT NULL,
  content LONGTEXT NOT NULL,
  content_hash BINARY(32) NOT NULL,
  file_sha256 BINARY(32) NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT quality_standards_version UNIQUE (code_key, version_no),
  CONSTRAINT quality_standards_state CHECK (state IN ('draft', 'active', 'retired'))
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS contracts (
  id BINARY(16) NOT NULL PRIMARY KEY,
  kind VARCHAR(20) NOT NULL,
  number VARCHAR(60) NOT NULL,
  number_key VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  signed_on DATE NULL,
  party_id BINARY(16) NOT NULL,
  currency VARCHAR(3) NOT NULL,
  incoterm VARCHAR(60) NOT NULL,
  port VARCHAR(100) NOT NULL,
  latest_shipment DATE NULL,
  shipping_marks LONGTEXT NOT NULL,
  packing LONGTEXT NOT NULL,
  quality_clause LONGTEXT NOT NULL,
  required_documents LONGTEXT NOT NULL,
  claim_clause LONGTEXT NOT NULL,
  remark LONGTEXT NOT NULL,
  closed_at DATETIME(3) NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT contracts_number UNIQUE (kind, number_key),
  CONSTRAINT contracts_kind CHECK (kind IN ('purchase', 'sales')),
  CONSTRAINT contracts_party FOREIGN KEY (party_id) REFERENCES parties (id),
  KEY contracts_by_party (party_id, id),
  KEY contracts_by_kind (kind, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS contract_lines (
  id BINARY(16) NOT NULL PRIMARY KEY,
  contract_id BINARY(16) NOT NULL,
  line_no INT NOT NULL,
  product_id BINARY(16) NOT NULL,
  specification LONGTEXT NOT NULL,
  attributes LONGTEXT NOT NULL,
  quantity BIGINT NOT NULL,
  unit VARCHAR(20) NOT NULL,
  tolerance_percent VARCHAR(30) NULL,
  tolerance_option VARCHAR(10) NOT NULL,
  tolerance_price VARCHAR(10) NOT NULL,
  unit_price VARCHAR(30) NULL,
  standard_id BINARY(16) NULL,
  CONSTRAINT contract_lines_no UNIQUE (contract_id, line_no),
  CONSTRAINT contract_lines_quantity CHECK (quantity > 0),
  CONSTRAINT contract_lines_contract FOREIGN KEY (contract_id) REFERENCES contracts (id),
  CONSTRAINT contract_lines_product FOREIGN KEY (product_id) REFERENCES products (id),
  CONSTRAINT contract_lines_standard FOREIGN KEY (standard_id) REFERENCES quality_standards (id),
  KEY contract_lines_by_standard (standard_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- A sales line is fed by purchase lines.
CREATE TABLE IF NOT EXISTS line_links (
  sales_line_id BINARY(16) NOT NULL,
  purchase_line_id BINARY(16) NOT NULL,
  PRIMARY KEY (sales_line_id, purchase_line_id),
  CONSTRAINT line_links_sales FOREIGN KEY (sales_line_id) REFERENCES contract_lines (id),
  CONSTRAINT line_links_purchase FOREIGN KEY (purchase_line_id) REFERENCES contract_lines (id),
  KEY line_links_by_purchase (purchase_line_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS lots (
  id BINARY(16) NOT NULL PRIMARY KEY,
  line_id BINARY(16) NOT NULL,
  batch VARCHAR(100) NOT NULL,
  batch_key VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  produced_from DATE NULL,
  produced_to DATE NULL,
  quantity BIGINT NOT NULL,
  cartons INT NOT NULL,
  per_carton INT NOT NULL,
  carton_from INT NOT NULL,
  carton_to INT NOT NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT lots_batch UNIQUE (line_id, batch_key),
  CONSTRAINT lots_quantity CHECK (quantity > 0),
  CONSTRAINT lots_line FOREIGN KEY (line_id) REFERENCES contract_lines (id),
  KEY lots_by_batch (batch_key)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS shipments (
  id BINARY(16) NOT NULL PRIMARY KEY,
  sales_contract_id BINARY(16) NOT NULL,
  bill_of_lading VARCHAR(60) NOT NULL,
  bill_key VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  vessel VARCHAR(100) NOT NULL,
  delivered_on DATE NULL,
  loaded_on DATE NULL,
  arrived_on DATE NULL,
  remark LONGTEXT NOT NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT shipments_contract FOREIGN KEY (sales_contract_id) REFERENCES contracts (id),
  KEY shipments_by_contract (sales_contract_id, id),
  KEY shipments_by_bill (bill_key)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS shipment_lots (
  shipment_id BINARY(16) NOT NULL,
  lot_id BINARY(16) NOT NULL,
  sales_line_id BINARY(16) NOT NULL,
  quantity BIGINT NOT NULL,
  PRIMARY KEY (shipment_id, lot_id, sales_line_id),
  CONSTRAINT shipment_lots_quantity CHECK (quantity > 0),
  CONSTRAINT shipment_lots_shipment FOREIGN KEY (shipment_id) REFERENCES shipments (id),
  CONSTRAINT shipment_lots_lot FOREIGN KEY (lot_id) REFERENCES lots (id),
  CONSTRAINT shipment_lots_line FOREIGN KEY (sales_line_id) REFERENCES contract_lines (id),
  KEY shipment_lots_by_lot (lot_id),
  KEY shipment_lots_by_line (sales_line_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS containers (
  id BINARY(16) NOT NULL PRIMARY KEY,
  shipment_id BINARY(16) NOT NULL,
  number VARCHAR(20) NOT NULL,
  number_key VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  seal VARCHAR(40) NOT NULL,
  CONSTRAINT containers_number UNIQUE (shipment_id, number_key),
  CONSTRAINT containers_shipment FOREIGN KEY (shipment_id) REFERENCES shipments (id),
  KEY containers_by_number (number_key)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS shipment_documents (
  id BINARY(16) NOT NULL PRIMARY KEY,
  shipment_id BINARY(16) NOT NULL,
  kind VARCHAR(60) NOT NULL,
  draft_sent_on DATE NULL,
  confirmed_on DATE NULL,
  confirmed_by VARCHAR(200) NOT NULL,
  file_sha256 BINARY(32) NULL,
  file_name VARCHAR(255) NOT NULL,
  not_needed_why VARCHAR(500) NOT NULL,
  CONSTRAINT shipment_documents_kind UNIQUE (shipment_id, kind),
  CONSTRAINT shipment_documents_shipment FOREIGN KEY (shipment_id) REFERENCES shipments (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
