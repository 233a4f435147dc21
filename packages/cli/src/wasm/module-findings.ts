import { sniffPackage } from '@ebpm/formats';
import { moduleProblem } from '@ebpm/object';
import type { Finding } from '@ebpm/runner';
import type { PackageInput } from '../package-source.js';

/** What a module cannot be run for, whatever the kernel: nothing of what is none, and of what can be run. */
export function moduleFindings({ bytes }: Pick<PackageInput, 'bytes'>, tool?: string): readonly Finding[] {
  const problem = sniffPackage(bytes) === 'wasm' ? moduleProblem(bytes) : undefined;
  if (problem === undefined) return [];
  return [
    {
      code: 'wasm_module',
      subject: tool === undefined ? 'module' : `${tool}: module`,
      outcome: 'missing',
      certainty: 'proved',
      reason: `${problem.reason}: EBPM_WASM_INVALID`,
      cure: problem.hint,
    },
  ];
}
