import { EbpmError } from '@ebpm/formats';
import { moduleProblem } from '@ebpm/object';

/** Refuses a WASM module that no ebpm could run. @throws EBPM_PACKAGE_INVALID */
export function checkModule(bytes: Uint8Array, source: string): void {
  const problem = moduleProblem(bytes);
  if (problem === undefined) return;
  throw new EbpmError('EBPM_PACKAGE_INVALID', `Cannot publish "${source}": ${problem.reason}`, { hint: problem.hint });
}
