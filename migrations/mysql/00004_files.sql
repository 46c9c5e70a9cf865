-- Photos and documents by content hash, and the uploads that bring them. Parts
-- wait in the database until the whole has arrived, so that a restart loses none
-- and any server can go on.

-- +goose Up
CREATE TABLE IF NOT EXISTS files (
  sha256 BINARY(32) NOT NULL PRIMARY KEY,
  kind VARCHAR(20) NOT NULL,
  size BIGINT NOT NULL,
  media_type VARCHAR(100) NOT NULL,
  width INT NOT NULL,
  height INT NOT NULL,
  orientation INT NOT NULL,
  taken_at VARCHAR(25) NOT NULL,
  latitude VARCHAR(20) NULL,
  longitude VARCHAR(20) NULL,
  camera VARCHAR(200) NOT NULL,
  gps_at DATETIME(3) NULL,
  dhash BIGINT NULL,
  received_at DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS uploads (
  id BINARY(16) NOT NULL PRIMARY KEY,
  sha256 BINARY(32) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  name VARCHAR(255) NOT NULL,
  size BIGINT NOT NULL,
  received BIGINT NOT NULL,
  parts INT NOT NULL,
  uploaded_by BINARY(16) NULL,
  done_at DATETIME(3) NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT uploads_user FOREIGN KEY (uploaded_by) REFERENCES users (id),
  KEY uploads_by_content (sha256, uploaded_by),
  KEY uploads_by_user (uploaded_by, done_at),
  KEY uploads_by_age (done_at, updated_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS upload_parts (
  upload_id BINARY(16) NOT NULL,
  start BIGINT NOT NULL,
  size BIGINT NOT NULL,
  sha256 BINARY(32) NOT NULL,
  data MEDIUMBLOB NOT NULL,
  PRIMARY KEY (upload_id, start),
  CONSTRAINT upload_parts_upload FOREIGN KEY (upload_id) REFERENCES uploads (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
