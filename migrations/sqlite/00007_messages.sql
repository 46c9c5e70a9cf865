-- Messages: who wants to know what, and the outbox that is emptied by a job.

-- +goose Up
CREATE TABLE IF NOT EXISTS endpoints (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  secret TEXT NOT NULL,
  events TEXT NOT NULL,
  disabled_at DATETIME NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL
);

CREATE TABLE IF NOT EXISTS subscriptions (
  user_id BLOB NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (user_id, event),
  CONSTRAINT subscriptions_user FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX IF NOT EXISTS subscriptions_by_event ON subscriptions (event);

CREATE TABLE IF NOT EXISTS outbox_messages (
  id BLOB NOT NULL PRIMARY KEY,
  event TEXT NOT NULL,
  once_key TEXT NOT NULL,
  entity_id BLOB NOT NULL,
  channel TEXT NOT NULL,
  endpoint_id BLOB NULL,
  address TEXT NOT NULL,
  lang TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due_at DATETIME NOT NULL,
  give_up_at DATETIME NOT NULL,
  last_error TEXT NOT NULL,
  sent_at DATETIME NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT outbox_once UNIQUE (once_key, channel, address)
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox_messages (state, due_at);
CREATE INDEX IF NOT EXISTS outbox_by_entity ON outbox_messages (entity_id, id);
