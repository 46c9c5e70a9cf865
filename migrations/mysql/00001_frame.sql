-- Who may act, what was done, and what keeps several servers in step: users,
-- sessions, tokens, log-in limits, leases, number blocks, idempotency, audit.

-- +goose Up
CREATE TABLE IF NOT EXISTS users (
  id BINARY(16) NOT NULL PRIMARY KEY,
  login VARCHAR(100) NOT NULL,
  login_key VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
  name VARCHAR(200) NOT NULL,
  email VARCHAR(254) NOT NULL,
  roles VARCHAR(200) NOT NULL,
  lang VARCHAR(2) NOT NULL,
  own_only BOOLEAN NOT NULL,
  password_hash VARCHAR(200) NOT NULL,
  disabled_at DATETIME(3) NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS sessions (
  token_hash BINARY(32) NOT NULL PRIMARY KEY,
  user_id BINARY(16) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  seen_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  agent VARCHAR(300) NOT NULL,
  CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id),
  KEY sessions_by_user (user_id),
  KEY sessions_by_expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS tokens (
  id BINARY(16) NOT NULL PRIMARY KEY,
  user_id BINARY(16) NOT NULL,
  name VARCHAR(100) NOT NULL,
  token_hash BINARY(32) NOT NULL UNIQUE,
  roles VARCHAR(200) NOT NULL,
  read_only BOOLEAN NOT NULL,
  expires_at DATETIME(3) NULL,
  revoked_at DATETIME(3) NULL,
  used_at DATETIME(3) NULL,
  created_at DATETIME(3) NOT NULL,
  CONSTRAINT tokens_user FOREIGN KEY (user_id) REFERENCES users (id),
  KEY tokens_by_user (user_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- One row per account or address that failed to sign in lately.
CREATE TABLE IF NOT EXISTS login_failures (
  subject VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  failures INT NOT NULL,
  since DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- The one-time code that makes the first administrator; its hash only.
CREATE TABLE IF NOT EXISTS setup_codes (
  code_hash BINARY(32) NOT NULL PRIMARY KEY,
  created_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- A lease makes one process at a time do a job.
CREATE TABLE IF NOT EXISTS leases (
  name VARCHAR(60) NOT NULL PRIMARY KEY,
  holder VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  until_at DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- The next number that no process has taken, per kind and year.
CREATE TABLE IF NOT EXISTS number_blocks (
  name VARCHAR(60) NOT NULL PRIMARY KEY,
  next_no BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS idempotency_keys (
  user_id BINARY(16) NOT NULL,
  idem_key VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  request_hash BINARY(32) NOT NULL,
  status INT NOT NULL,
  etag VARCHAR(40) NOT NULL,
  response LONGTEXT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (user_id, idem_key),
  KEY idempotency_by_age (created_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS audit_entries (
  id BINARY(16) NOT NULL PRIMARY KEY,
  at DATETIME(3) NOT NULL,
  actor_id BINARY(16) NULL,
  actor VARCHAR(200) NOT NULL,
  via VARCHAR(20) NOT NULL,
  request_id VARCHAR(100) NOT NULL,
  action VARCHAR(60) NOT NULL,
  entity VARCHAR(60) NOT NULL,
  entity_id BINARY(16) NOT NULL,
  detail LONGTEXT NOT NULL,
  KEY audit_by_entity (entity_id, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS audit_seals (
  seq BIGINT NOT NULL PRIMARY KEY,
  entry_id BINARY(16) NOT NULL UNIQUE,
  prev BINARY(32) NOT NULL,
  hash BINARY(32) NOT NULL,
  CONSTRAINT audit_seals_entry FOREIGN KEY (entry_id) REFERENCES audit_entries (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Entries that no seal covers yet: the sealing job empties it, writers only add.
CREATE TABLE IF NOT EXISTS audit_unsealed (
  entry_id BINARY(16) NOT NULL PRIMARY KEY
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- +goose StatementBegin
DROP TRIGGER IF EXISTS audit_entries_no_update;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit entries are never changed';
-- +goose StatementEnd
-- +goose StatementBegin
DROP TRIGGER IF EXISTS audit_entries_no_delete;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit entries are never deleted';
-- +goose StatementEnd
-- +goose StatementBegin
DROP TRIGGER IF EXISTS audit_seals_no_update;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals
FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit seals are never changed';
-- +goose StatementEnd
-- +goose StatementBegin
DROP TRIGGER IF EXISTS audit_seals_no_delete;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals
FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit seals are never deleted';
-- +goose StatementEnd
