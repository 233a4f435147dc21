import type { ErrorTable } from '@ebpm/formats';

/** What a WASM package can fail with. */
export const WASM_ERRORS = {} as const satisfies ErrorTable;
