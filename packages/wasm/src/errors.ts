import type { ErrorTable } from '@ebpm/formats';

/** What a WASM package can fail with. */
export const WASM_ERRORS = {
  EBPM_WASM_INVALID: { exit: 1, meaning: 'A module cannot be run: V8 refuses it, or it wants what ebpm does not give' },
  EBPM_WASM_FAULT: { exit: 1, meaning: 'A guest did what no guest may, and was ended' },
  EBPM_WASM_TRAP: { exit: 1, meaning: 'A guest ran into a trap of its own' },
  EBPM_WASM_LIMIT: { exit: 1, meaning: 'A guest wanted more memory, functions or time than it may have' },
  EBPM_WASM_ENDED: { exit: 1, meaning: 'The process of a guest ended by itself' },
  EBPM_PERMISSIONS_EXCEEDED: { exit: 1, meaning: 'A guest wanted to load what goes beyond what was agreed to' },
} as const satisfies ErrorTable;
