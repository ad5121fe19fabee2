CREATE TABLE submission (
  id INTEGER PRIMARY KEY,
  nonce BLOB NOT NULL UNIQUE,
  number TEXT NOT NULL UNIQUE,
  code BLOB NOT NULL,
  form TEXT NOT NULL,
  version TEXT NOT NULL,
  received INTEGER NOT NULL,
  channel TEXT NOT NULL,
  suspect INTEGER NOT NULL DEFAULT 0,
  sealed BLOB,
  state TEXT NOT NULL DEFAULT 'ricevuto',
  protocol TEXT NOT NULL DEFAULT '',
  outcome TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE step (
  id INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submission (id),
  state TEXT NOT NULL,
  day TEXT NOT NULL,
  UNIQUE (submission, state)
) STRICT;
-- Message-IDs are derived from the id of a letter: it must never be given again.
CREATE TABLE letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  submission INTEGER NOT NULL REFERENCES submission (id),
  kind TEXT NOT NULL,
  recipient BLOB NOT NULL,
  queued INTEGER NOT NULL,
  due INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  sent INTEGER,
  receipt TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX letter_submission ON letter (submission);
CREATE INDEX letter_due ON letter (due) WHERE sent IS NULL;
CREATE TABLE counted (nonce BLOB PRIMARY KEY, seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counter (key TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
