import type Database from 'better-sqlite3';

/** Tables that are not made of the logs alone: those of search depend on the order of filling and on use, downloads are counted. */
const BESIDE_THE_LOGS = /^(?:search|download)/;

type Row = Readonly<Record<string, unknown>>;

/**
 * Compares the tables of two replicas at the same entries, row by row.
 * @returns what differs, one line a table; nothing when they are equal
 */
export function compareTables(one: Database.Database, other: Database.Database): readonly string[] {
  const names = [...new Set([...tablesOf(one), ...tablesOf(other)])].sort();
  return names.flatMap((name) => differenceIn(name, one, other) ?? []);
}

function tablesOf(database: Database.Database): string[] {
  const rows = database.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return rows.map(({ name }) => name).filter((name) => !name.startsWith('sqlite_') && !BESIDE_THE_LOGS.test(name));
}

/** The first row that is not the same in both, in the order of the table's key. */
function differenceIn(table: string, one: Database.Database, other: Database.Database): string | undefined {
  const rows = [one, other].map((database) => rowsOf(table, database));
  const [ours, theirs] = rows;
  if (ours === undefined || theirs === undefined) return `table "${table}" is missing`;
  for (let count = 1; ; count++) {
    const [a, b] = [ours.next(), theirs.next()];
    if (a.done === true && b.done === true) return undefined;
    if (a.done === b.done && JSON.stringify(a.value) === JSON.stringify(b.value)) continue;
    for (const iterator of [ours, theirs]) iterator.return?.();
    return `table "${table}", row ${count}: ${difference(a.value, b.value)}`;
  }
}

function rowsOf(table: string, database: Database.Database): IterableIterator<Row> | undefined {
  const columns = columnsOf(table, database);
  const [first] = columns;
  if (first === undefined) return undefined;
  const keys = columns.filter(({ pk }) => pk > 0);
  const order = (keys.length > 0 ? keys : [first]).map(({ name }) => `"${name}"`).join();
  const list = columns.map(({ name, type }) => (type === 'BLOB' ? `hex("${name}") AS "${name}"` : `"${name}"`)).join();
  return database.prepare<[], Row>(`SELECT ${list} FROM "${table}" ORDER BY ${order}`).iterate();
}

/** Without numbers that SQLite gave: they are nobody's business but the table's. */
function columnsOf(table: string, database: Database.Database) {
  const columns = database
    .prepare<[string], { name: string; type: string; pk: number }>('SELECT name, type, pk FROM pragma_table_info(?)')
    .all(table);
  return columns.filter(({ type, pk }) => !(pk > 0 && type === 'INTEGER' && isOnlyKey(columns)));
}

function isOnlyKey(columns: readonly { readonly pk: number }[]): boolean {
  return columns.filter(({ pk }) => pk > 0).length === 1;
}

/** The first column in which the second row is not as the first one. */
function difference(wanted: Row | undefined, found: Row | undefined): string {
  if (wanted === undefined) return 'it is too much';
  if (found === undefined) return 'it is missing';
  const column = Object.keys(wanted).find((name) => wanted[name] !== found[name]) ?? 'its columns';
  return `"${column}" is ${shown(found[column])} instead of ${shown(wanted[column])}`;
}

function shown(value: unknown): string {
  return JSON.stringify(value ?? null).slice(0, 100);
}
