import { describe, expect, it } from 'vitest';
import { type Finding, verdictOf, worstVerdict } from '../../src/check/finding.js';

function finding(outcome: Finding['outcome'], program?: string): Finding {
  const about = { code: 'attach_target', subject: 'it', certainty: 'probed', reason: '' } as const;
  return { ...about, outcome, ...(program !== undefined && { program }) };
}

const PROGRAMS = { all: ['a', 'b'], optional: new Set(['b']) };

describe('verdictOf()', () => {
  it.each([
    ['RUN', 'all is there', [finding('ok'), finding('ok', 'a')]],
    ['WILL NOT RUN', 'something is missing', [finding('ok'), finding('missing')]],
    ['WILL NOT RUN', 'a program is missing', [finding('missing', 'a')]],
    ['DEGRADED', 'a program is missing without which it runs', [finding('ok', 'a'), finding('missing', 'b')]],
    ['UNKNOWN', 'something is not known', [finding('unknown'), finding('missing', 'b')]],
    ['WILL NOT RUN', 'something is missing and something not known', [finding('unknown'), finding('missing', 'a')]],
  ] as const)('verdictOf() is %s where %s', (verdict, _what, findings) => {
    expect(verdictOf(findings, PROGRAMS)).toBe(verdict);
  });

  it('verdictOf() is WILL NOT RUN where no program is left', () => {
    const findings = [finding('missing', 'a'), finding('missing', 'b')];
    expect(verdictOf(findings, { ...PROGRAMS, optional: new Set(['a', 'b']) })).toBe('WILL NOT RUN');
  });
});

describe('worstVerdict()', () => {
  it.each([
    [['RUN', 'DEGRADED'], 'DEGRADED'],
    [['DEGRADED', 'UNKNOWN', 'RUN'], 'UNKNOWN'],
    [['UNKNOWN', 'WILL NOT RUN'], 'WILL NOT RUN'],
    [['RUN'], 'RUN'],
  ] as const)('worstVerdict() of %j is %s', (verdicts, worst) => {
    expect(worstVerdict(verdicts)).toBe(worst);
  });
});
