-- Messages: who wants to know what, and the outbox that is emptied by a job.

-- +goose Up
CREATE TABLE IF NOT EXISTS endpoints (
  id BINARY(16) NOT NULL PRIMARY KEY,
  kind VARCHAR(20) NOT NULL,
  name VARCHAR(100) NOT NULL,
  url VARCHAR(1000) NOT NULL,
  secret VARCHAR(500) NOT NULL,
  events LONGTEXT NOT NULL,
  disabled_at DATETIME(3) NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS subscriptions (
  user_id BINARY(16) NOT NULL,
  event VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (user_id, event),
  CONSTRAINT subscriptions_user FOREIGN KEY (user_id) REFERENCES users (id),
  KEY subscriptions_by_event (event)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS outbox_messages (
  id BINARY(16) NOT NULL PRIMARY KEY,
  event VARCHAR(60) NOT NULL,
  once_key VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  entity_id BINARY(16) NOT NULL,
  channel VARCHAR(20) NOT NULL,
  endpoint_id BINARY(16) NULL,
  address VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  lang VARCHAR(2) NOT NULL,
  subject VARCHAR(300) NOT NULL,
  body LONGTEXT NOT NULL,
  state VARCHAR(20) NOT NULL,
  tries INT NOT NULL,
  due_at DATETIME(3) NOT NULL,
  give_up_at DATETIME(3) NOT NULL,
  last_error LONGTEXT NOT NULL,
  sent_at DATETIME(3) NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT outbox_once UNIQUE (once_key, channel, address),
  KEY outbox_due (state, due_at),
  KEY outbox_by_entity (entity_id, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
