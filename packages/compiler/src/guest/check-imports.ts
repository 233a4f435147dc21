import { EbpmError } from '@ebpm/formats';
import { importProblem } from '@ebpm/object';

/** Refuses a module that would start nowhere. @throws EBPM_BUILD_GUEST_IMPORT */
export function checkImports(bytes: Uint8Array, entry: string): void {
  const problem = importProblem(bytes);
  if (problem === undefined) return;
  const { reason, missing } = problem;
  throw new EbpmError('EBPM_BUILD_GUEST_IMPORT', `Cannot build "${entry}": ${reason}`, {
    hint: 'Leave out what needs it; docs/wasm.md lists what the guest libraries have instead, docs/wasm-runtime.md every function',
    ...(missing !== undefined && { data: { missing } }),
  });
}
