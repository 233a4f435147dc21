/** Tables of downloads. They come from `stats/` and not from the logs. `day` counts days since 1970, UTC. */
export const DOWNLOAD_TABLES = `
  CREATE TABLE download_files (
    key TEXT NOT NULL PRIMARY KEY,
    day INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE downloads (
    name TEXT NOT NULL,
    day INTEGER NOT NULL,
    version TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (name, day, version)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX downloads_by_day ON downloads (day);
`;
