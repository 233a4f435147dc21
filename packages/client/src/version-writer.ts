import { Store } from './store.js';

/** What an installation writes: a store, or what only remembers it. */
export type VersionWriter = Pick<Store, 'install' | 'putBack' | 'writeRecord' | 'makeCurrent' | 'removeLeftovers'>;

/** Where what is installed goes. */
export interface WriterOptions {
  /** An absolute path, such as `$EBPM_HOME`. */
  readonly home: string;
  /** What takes the versions; default: the store of that home. */
  readonly writer?: VersionWriter | undefined;
}

/** What takes the versions of an installation. */
export function writerOf({ home, writer }: WriterOptions): VersionWriter {
  return writer ?? new Store(home);
}
