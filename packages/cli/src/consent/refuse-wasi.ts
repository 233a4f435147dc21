import { EbpmError } from '@ebpm/formats';
import type { RunRequest } from '../run-here.js';

/** Refuses what `--allow` gives to a WASM module, where nobody would notice that it was given to nothing. @throws EBPM_USAGE_INVALID */
export function refuseWasi({ wasiAllow, spec }: RunRequest, reason: string): void {
  if (wasiAllow.length === 0) return;
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot give "${spec}" what WASI has: ${reason}`, {
    hint: 'Leave out what begins with wasi: in --allow',
  });
}
