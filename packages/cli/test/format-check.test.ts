import type { Finding } from '@ebpm/runner';
import { expect, it } from 'vitest';
import { formatCheck, formatKernels } from '../src/format-check.js';

const KERNEL: Finding = {
  code: 'kernel_btf',
  subject: 'kernel',
  outcome: 'ok',
  certainty: 'probed',
  reason: 'it has BTF',
};
const FIELD: Finding = {
  code: 'core_no_field',
  subject: 'program "on_exec"',
  program: 'on_exec',
  outcome: 'missing',
  certainty: 'proved',
  reason: 'this kernel has no field task_struct.\u001bgone',
  cure: 'Use another\nor none',
};
const TARGET: Finding = {
  code: 'attach_target',
  subject: 'program "on_exec"',
  outcome: 'ok',
  certainty: 'inferred',
  reason: 'it is there',
};

it('formatCheck() says of everything whether it is there, how sure that is, and what to do', () => {
  expect(formatCheck({ verdict: 'WILL NOT RUN', findings: [KERNEL, FIELD] }).split('\n')).toEqual([
    'yes kernel             it has BTF (probed)',
    'NO  program "on_exec"  this kernel has no field task_struct.\\x1bgone (proved)',
    '                       Use another',
    '                       or none',
    'The verifier was not asked: --load does that',
    'WILL NOT RUN',
    '',
  ]);
});

it.each(['ok', 'missing', 'unknown'] as const)(
  'formatCheck() does not advise --load where that was tried, and found: %s',
  (outcome) => {
    const load: Finding = { ...KERNEL, code: 'load', subject: 'load', outcome, reason: 'it was tried' };
    expect(formatCheck({ verdict: 'UNKNOWN', findings: [KERNEL, load] })).not.toContain('--load');
  },
);

it('formatKernels() gives each kernel a column, with the worst of what was found, and the reasons below', () => {
  const kernels = [
    { name: '6.1', verdict: 'WILL NOT RUN', findings: [KERNEL, FIELD, TARGET] },
    { name: '6.12', verdict: 'RUN', findings: [KERNEL, TARGET] },
  ] as const;
  expect(formatKernels(kernels).split('\n')).toEqual([
    '                   6.1           6.12',
    'kernel             yes           yes',
    'program "on_exec"  NO            yes',
    '                   WILL NOT RUN  RUN',
    '',
    '6.1:',
    'NO  program "on_exec"  this kernel has no field task_struct.\\x1bgone (proved)',
    '                       Use another',
    '                       or none',
    '',
    'The verifier was not asked: --load does that',
    '',
  ]);
});
