import { digestOf } from '@ebpm/formats';
import type { PolicyRule } from '@ebpm/schemas';
import { describe, expect, test } from 'vitest';
import { allowingRule, denyingRule, type PolicySubject } from '../../src/consent/judge-policy.js';
import { TABLE_VERSIONS } from '../../src/consent/kept-judgement.js';
import type { Policy } from '../../src/consent/policy-file.js';

const [PACKAGE, ENTRY, OBJECT, OTHER] = ['p', 'e', 'o', 'x'].map((text) => digestOf(Buffer.from(text))) as [
  `sha256:${string}`,
  `sha256:${string}`,
  `sha256:${string}`,
  `sha256:${string}`,
];

const KEY = `k_${'1'.repeat(32)}`;

const SUBJECT: PolicySubject = {
  name: '@acme/tool',
  publisher: 'alice',
  registry: 'https://hub.example',
  key: KEY,
  digests: [PACKAGE, ENTRY, OBJECT],
  judged: {
    ...TABLE_VERSIONS,
    object: OBJECT,
    classes: ['reads-user-memory', 'sees-file-paths', 'sends-signals'],
    asks: { 'reads-user-memory': ['uprobe/a:f'], 'sends-signals': ['perf_event'], unclassified: ['freplace/f'] },
  },
};
const FILE: PolicySubject = { digests: [ENTRY, OBJECT], judged: SUBJECT.judged };

function policy(content: Partial<Policy>): Policy {
  return { policy: 1, path: '/etc/ebpm/policy.json', isSystem: true, ...content };
}

const PROJECT = { path: 'ebpm.policy.json', isSystem: false };

/** Rules, and whether they are about the package and about a file of the same bytes. */
const RULES: readonly (readonly [PolicyRule, boolean, boolean])[] = [
  [{ names: ['@acme/tool'] }, true, false],
  [{ names: ['@acme/*'] }, true, false],
  [{ names: ['*'] }, true, false],
  [{ names: ['*/t*l', 'x'] }, true, false],
  [{ names: ['@acme/tool*tool'] }, false, false],
  [{ names: ['acme/*'] }, false, false],
  [{ names: ['@acme'] }, false, false],
  [{ names: ['@ACME/*'] }, false, false],
  [{ publishers: ['bob', 'alice'] }, true, false],
  [{ publishers: ['bob'] }, false, false],
  [{ registries: ['https://hub.example'] }, true, false],
  [{ registries: ['https://hub.example.org'] }, false, false],
  [{ keys: [`k_${'2'.repeat(32)}`, KEY] }, true, false],
  [{ keys: [`k_${'2'.repeat(32)}`] }, false, false],
  [{ digests: [PACKAGE] }, true, false],
  [{ digests: [OTHER, OBJECT] }, true, true],
  [{ digests: [ENTRY] }, true, true],
  [{ digests: [OTHER] }, false, false],
  [{ names: ['@acme/*'], publishers: ['bob'] }, false, false],
  [{ names: ['@acme/*'], publishers: ['alice'], registries: ['https://hub.example'] }, true, false],
];

describe('denyingRule()', () => {
  test('denyingRule() wants a signature where a policy does, of all but what it names by digest', () => {
    const { key: _, ...unsigned } = SUBJECT;
    const required = policy({ signatures: 'required', allow: [{ names: ['*'] }] });
    expect(denyingRule([required], SUBJECT)).toBeUndefined();
    for (const subject of [unsigned, FILE]) expect(denyingRule([required], subject)?.place).toBe('signatures');
    const named = policy({ signatures: 'required', allow: [{ digests: [ENTRY] }] });
    for (const subject of [unsigned, FILE]) expect(denyingRule([named], subject)).toBeUndefined();
    expect(denyingRule([policy({ signatures: 'wanted' })], unsigned)).toBeUndefined();
  });

  test('denyingRule() wants a list of revocations that is as new as a policy says', () => {
    const daily = [policy({ revocationsWithinHours: 24 })];
    const placeAt = (hours: number | undefined) =>
      denyingRule(daily, { ...SUBJECT, revocationsAgeMs: hours && hours * 3_600_000 })?.place;
    expect([placeAt(23), placeAt(25), placeAt(undefined)]).toEqual([
      undefined,
      'revocationsWithinHours',
      'revocationsWithinHours',
    ]);
    expect(denyingRule(daily, FILE)).toBeUndefined();
  });

  test.each(RULES)('denyingRule() goes by every list of %j', (rule, ofPackage, ofFile) => {
    const policies = [policy({ deny: [{ names: ['nothing'] }, rule] })];
    expect(denyingRule(policies, SUBJECT)?.place).toBe(ofPackage ? 'deny[1]' : undefined);
    expect(denyingRule(policies, FILE)?.place).toBe(ofFile ? 'deny[1]' : undefined);
  });

  test.each<[string, boolean]>([
    ['sends-signals', true],
    ['sees-file-paths', true],
    ['unclassified', true],
    ['loads-bpf', false],
  ])('denyingRule() denies a package by its class %s: %s', (name, isDenied) => {
    const policies = [policy({ deny: [{ permissions: ['changes-scheduling', name] }] })];
    expect(denyingRule(policies, SUBJECT) !== undefined).toBe(isDenied);
    expect(denyingRule(policies, FILE) !== undefined).toBe(isDenied);
  });

  test('denyingRule() denies what no rule allows where that is the default, for each policy by itself', () => {
    const strict = policy({ default: 'deny', allow: [{ publishers: ['alice'] }] });
    expect(denyingRule([strict], SUBJECT)).toBe(undefined);
    expect(denyingRule([strict], FILE)).toMatchObject({ place: 'default' });
    const lax = policy({ ...PROJECT, allow: [{ permissions: ['reads-user-memory'] }] });
    expect(denyingRule([lax, strict], FILE)).toMatchObject({ place: 'default', policy: { isSystem: true } });
    expect(denyingRule([strict, policy({ ...PROJECT, default: 'deny' })], SUBJECT)).toMatchObject({
      policy: { isSystem: false },
    });
  });

  test("denyingRule() tells the machine's rule before the project's, and lets no project loosen it", () => {
    const deny = [{ names: ['@acme/*'] }];
    const project = policy({ ...PROJECT, deny, allow: [{ digests: [OBJECT] }] });
    expect(denyingRule([project, policy({ deny })], SUBJECT)?.policy.isSystem).toBe(true);
    expect(denyingRule([policy({ allow: [{ digests: [OBJECT] }] }), project], SUBJECT)?.policy.isSystem).toBe(false);
  });
});

describe('allowingRule()', () => {
  test.each(RULES)('allowingRule() goes by every list of %j', (rule, ofPackage, ofFile) => {
    const policies = [policy({ allow: [rule] })];
    expect(allowingRule(policies, SUBJECT, 'reads-user-memory') !== undefined).toBe(ofPackage);
    expect(allowingRule(policies, FILE, 'reads-user-memory') !== undefined).toBe(ofFile);
  });

  test('allowingRule() agrees to the classes that a rule names, and where it names none, to all', () => {
    const named = [policy({ allow: [{ digests: [OBJECT], permissions: ['sends-signals'] }] })];
    expect(allowingRule(named, SUBJECT, 'sends-signals')?.place).toBe('allow[0]');
    expect(allowingRule(named, SUBJECT, 'reads-user-memory')).toBe(undefined);
    const all = [policy({ allow: [{ digests: [PACKAGE] }] })];
    for (const name of ['sends-signals', 'reads-user-memory', 'unclassified'] as const) {
      expect(allowingRule(all, SUBJECT, name)?.place).toBe('allow[0]');
    }
  });

  test.each<PolicyRule>([
    { names: ['@acme/tool'] },
    { publishers: ['alice'], permissions: ['sends-signals'] },
    { registries: ['https://hub.example'], permissions: ['sends-signals'] },
    { permissions: ['sends-signals', 'unclassified'] },
  ])('allowingRule() agrees by %j to nothing that every new digest is asked for', (rule) => {
    const policies = [policy({ allow: [rule] })];
    expect(allowingRule(policies, SUBJECT, 'sends-signals')).toBe(undefined);
    expect(allowingRule(policies, SUBJECT, 'unclassified')).toBe(undefined);
  });

  test('allowingRule() believes no project where the machine does not', () => {
    const project = policy({ ...PROJECT, allow: [{ digests: [OBJECT] }] });
    expect(allowingRule([project], SUBJECT, 'sends-signals')?.policy.path).toBe('ebpm.policy.json');
    expect(allowingRule([policy({}), project], SUBJECT, 'sends-signals')?.policy.path).toBe('ebpm.policy.json');
    expect(allowingRule([policy({ trustProjects: false }), project], SUBJECT, 'sends-signals')).toBe(undefined);
  });
});
