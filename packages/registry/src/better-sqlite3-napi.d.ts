/** Release 13 of better-sqlite3, under a name of its own. */
declare module 'better-sqlite3-napi' {
  export { default } from 'better-sqlite3';
}
