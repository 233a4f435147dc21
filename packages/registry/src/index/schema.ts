import { PERMISSIONS_VERSION } from '@ebpm/object';
import { DOWNLOAD_TABLES } from '../downloads/download-schema.js';
import { SEARCH_TABLES } from './search-schema.js';

/**
 * Number of the tables below: a file with another number is made anew. What search knows of permissions was made by the tables of
 * `@ebpm/object`, whose version is in it.
 */
export const SCHEMA = 8 * 1000 + PERMISSIONS_VERSION;

/**
 * The tables of a replica. All of them are derived from the two logs and can be thrown away at any time.
 * `positions` says which entry was folded last; one transaction moves it together with what the entries changed.
 */
export const TABLES = `
  CREATE TABLE positions (
    log TEXT NOT NULL PRIMARY KEY,
    identity TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    rules INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE voids (
    log TEXT NOT NULL,
    seq INTEGER NOT NULL,
    op INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (log, seq, op)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE packages (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    squashed TEXT NOT NULL,
    skeleton TEXT NOT NULL,
    owners TEXT NOT NULL,
    tags TEXT NOT NULL,
    shown TEXT NOT NULL,
    visibility TEXT NOT NULL,
    deprecated TEXT,
    taken_down TEXT,
    seq INTEGER NOT NULL,
    op INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX packages_by_squashed ON packages (squashed);
  CREATE INDEX packages_by_skeleton ON packages (skeleton);

  CREATE TABLE versions (
    name TEXT NOT NULL,
    identity TEXT NOT NULL,
    version TEXT NOT NULL,
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    files TEXT NOT NULL,
    file_hashes BLOB NOT NULL,
    manifest TEXT NOT NULL,
    publisher TEXT NOT NULL,
    facts_version INTEGER NOT NULL,
    facts_digest BLOB,
    facts TEXT,
    bundles TEXT,
    sections TEXT NOT NULL,
    yanked TEXT,
    deprecated TEXT,
    taken_down TEXT,
    seq INTEGER NOT NULL,
    op INTEGER NOT NULL,
    published_ms INTEGER NOT NULL,
    PRIMARY KEY (name, identity)
  ) STRICT;
  CREATE INDEX versions_by_digest ON versions (digest);
  CREATE INDEX signed_versions ON versions (name, seq, op) WHERE bundles IS NOT NULL;

  CREATE TABLE keys (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    public_key TEXT NOT NULL,
    replaces TEXT,
    rotation TEXT,
    seq INTEGER NOT NULL,
    op INTEGER NOT NULL,
    registered_at TEXT NOT NULL,
    revoked_at TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX keys_by_owner ON keys (owner);
  CREATE INDEX keys_by_replaced ON keys (replaces);

  CREATE TABLE condemned (
    digest TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    op INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  ${SEARCH_TABLES}
  ${DOWNLOAD_TABLES}

  CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    op INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    erased_at TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    op INTEGER NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    user TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked INTEGER NOT NULL,
    limits TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tokens_by_user ON tokens (user);

  CREATE TABLE account_records (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (kind, key)
  ) STRICT, WITHOUT ROWID;
`;
