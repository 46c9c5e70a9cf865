-- Photos and documents by content hash, and the uploads that bring them. Parts
-- wait in the database until the whole has arrived, so that a restart loses none
-- and any server can go on.

-- +goose Up
CREATE TABLE IF NOT EXISTS files (
  sha256 BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  orientation INTEGER NOT NULL,
  taken_at TEXT NOT NULL,
  latitude TEXT NULL,
  longitude TEXT NULL,
  camera TEXT NOT NULL,
  gps_at DATETIME NULL,
  dhash INTEGER NULL,
  received_at DATETIME NOT NULL
);

CREATE TABLE IF NOT EXISTS uploads (
  id BLOB NOT NULL PRIMARY KEY,
  sha256 BLOB NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  received INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  uploaded_by BLOB NULL,
  done_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT uploads_user FOREIGN KEY (uploaded_by) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS uploads_by_content ON uploads (sha256, uploaded_by);
CREATE INDEX IF NOT EXISTS uploads_by_user ON uploads (uploaded_by, done_at);
CREATE INDEX IF NOT EXISTS uploads_by_age ON uploads (done_at, updated_at);

CREATE TABLE IF NOT EXISTS upload_parts (
  upload_id BLOB NOT NULL,
  start INTEGER NOT NULL,
  size INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (upload_id, start),
  CONSTRAINT upload_parts_upload FOREIGN KEY (upload_id) REFERENCES uploads (id)
);
