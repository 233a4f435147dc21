import { fileURLToPath } from 'node:url';
import { MAX_MEMORY_PAGES, MAX_TABLE_ENTRIES } from '@ebpm/wasm';

/** The descriptor of its channel in a guest's process. */
export const GUEST_CHANNEL = 3;

/** Lies beside the command line's other entries, bundled or not. */
const ENTRY = fileURLToPath(new URL('./guest-entry.js', import.meta.url));

/**
 * The command line of a guest's process. V8 holds the guest's memory and table to their limits.
 * @see https://github.com/nodejs/node/blob/v20.19.0/deps/v8/src/flags/flag-definitions.h#L1186
 */
export function guestCommand(identity: unknown, entry = ENTRY): readonly string[] {
  return [
    `--wasm-max-mem-pages=${MAX_MEMORY_PAGES}`,
    `--wasm-max-table-size=${MAX_TABLE_ENTRIES}`,
    entry,
    JSON.stringify(identity ?? null),
  ];
}
