-- Who may act, what was done, and what keeps several servers in step: users,
-- sessions, tokens, log-in limits, leases, number blocks, idempotency, audit.

-- +goose Up
CREATE TABLE IF NOT EXISTS users (
  id BLOB NOT NULL PRIMARY KEY,
  login TEXT NOT NULL,
  login_key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  roles TEXT NOT NULL,
  lang TEXT NOT NULL,
  own_only BOOLEAN NOT NULL,
  password_hash TEXT NOT NULL,
  disabled_at DATETIME NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL
);

CREATE TABLE IF NOT EXISTS sessions (
  token_hash BLOB NOT NULL PRIMARY KEY,
  user_id BLOB NOT NULL,
  created_at DATETIME NOT NULL,
  seen_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  agent TEXT NOT NULL,
  CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS sessions_by_user ON sessions (user_id);
CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions (expires_at);

CREATE TABLE IF NOT EXISTS tokens (
  id BLOB NOT NULL PRIMARY KEY,
  user_id BLOB NOT NULL,
  name TEXT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  roles TEXT NOT NULL,
  read_only BOOLEAN NOT NULL,
  expires_at DATETIME NULL,
  revoked_at DATETIME NULL,
  used_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  CONSTRAINT tokens_user FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS tokens_by_user ON tokens (user_id);

-- One row per account or address that failed to sign in lately.
CREATE TABLE IF NOT EXISTS login_failures (
  subject TEXT NOT NULL PRIMARY KEY,
  failures INTEGER NOT NULL,
  since DATETIME NOT NULL
);

-- The one-time code that makes the first administrator; its hash only.
CREATE TABLE IF NOT EXISTS setup_codes (
  code_hash BLOB NOT NULL PRIMARY KEY,
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL
);

-- A lease makes one process at a time do a job.
CREATE TABLE IF NOT EXISTS leases (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until_at DATETIME NOT NULL
);

-- The next number that no process has taken, per kind and year.
CREATE TABLE IF NOT EXISTS number_blocks (
  name TEXT NOT NULL PRIMARY KEY,
  next_no INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS idempotency_keys (
  user_id BLOB NOT NULL,
  idem_key TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  status INTEGER NOT NULL,
  etag TEXT NOT NULL,
  response TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (user_id, idem_key)
);
CREATE INDEX IF NOT EXISTS idempotency_by_age ON idempotency_keys (created_at);

CREATE TABLE IF NOT EXISTS audit_entries (
  id BLOB NOT NULL PRIMARY KEY,
  at DATETIME NOT NULL,
  actor_id BLOB NULL,
  actor TEXT NOT NULL,
  via TEXT NOT NULL,
  request_id TEXT NOT NULL,
  action TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id BLOB NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS audit_by_entity ON audit_entries (entity_id, id);

CREATE TABLE IF NOT EXISTS audit_seals (
  seq INTEGER NOT NULL PRIMARY KEY,
  entry_id BLOB NOT NULL UNIQUE,
  prev BLOB NOT NULL,
  hash BLOB NOT NULL,
  CONSTRAINT audit_seals_entry FOREIGN KEY (entry_id) REFERENCES audit_entries (id)
);

-- Entries that no seal covers yet: the sealing job empties it, writers only add.
CREATE TABLE IF NOT EXISTS audit_unsealed (
  entry_id BLOB NOT NULL PRIMARY KEY
);

-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS audit_seals_no_update BEFORE UPDATE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'audit seals are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS audit_seals_no_delete BEFORE DELETE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'audit seals are never deleted'); END;
-- +goose StatementEnd
