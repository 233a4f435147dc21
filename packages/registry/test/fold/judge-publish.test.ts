import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldPackageOperation } from '../../src/fold/fold-packages.js';
import { PackageDraft } from '../../src/fold/package-draft.js';
import { EMPTY_VIEW } from '../../src/fold/package-view.js';
import { folded, foldedBy, TIME } from './folded.js';
import { ACME, ALICE, BOB, publishOp, someOp } from './publish-op.js';

describe('judgePublish()', () => {
  it.each<[string, readonly [version: string, tag?: string][], Readonly<Record<string, string>>, string]>([
    ['the first stable version', [['1.0.0']], { latest: '1.0.0' }, '1.0.0'],
    ['a higher one', [['1.0.0'], ['1.1.0']], { latest: '1.1.0' }, '1.1.0'],
    ['a lower one, which moves nothing', [['2.0.0'], ['1.0.1']], { latest: '2.0.0' }, '2.0.0'],
    [
      'a prerelease with its tag',
      [['1.0.0'], ['2.0.0-rc.1', 'next']],
      { latest: '1.0.0', next: '2.0.0-rc.1' },
      '1.0.0',
    ],
    [
      'only prereleases',
      [
        ['1.0.0-a', 'next'],
        ['1.0.0-b', 'next'],
      ],
      { next: '1.0.0-b' },
      '1.0.0-b',
    ],
    [
      'a lower prerelease under the same tag',
      [
        ['1.0.0-b', 'next'],
        ['1.0.0-a', 'next'],
      ],
      { next: '1.0.0-a' },
      '1.0.0-b',
    ],
    ['a stable version with another tag', [['1.0.0'], ['2.0.0', 'beta']], { latest: '1.0.0', beta: '2.0.0' }, '1.0.0'],
    [
      'latest by name',
      [
        ['1.0.0', 'latest'],
        ['0.9.0', 'latest'],
      ],
      { latest: '1.0.0' },
      '1.0.0',
    ],
    ['build metadata', [['1.0.0+x']], { latest: '1.0.0+x' }, '1.0.0+x'],
  ])('sets tags and what search shows: %s', (_what, versions, tags, shown) => {
    const { draft } = folded(
      ...versions.map(([version, tag]) => publishOp({ version, ...(tag !== undefined && { tag }) })),
    );
    expect(draft.package('sigsnoop')).toMatchObject({ tags, shown });
  });

  it('takes a repeated publish as the first, whatever its tag and build metadata', () => {
    const { verdicts } = folded(publishOp({}), publishOp({ version: '1.0.0+again', tag: 'x' }));
    expect(verdicts[1]).toEqual({ kind: 'repeated', at: { seq: 2, index: 0 } });
  });

  it.each([
    ['EBPM_VERSION_EXISTS', publishOp({ digest: `sha256:${'b'.repeat(64)}` })],
    ['EBPM_NOT_OWNER', publishOp({ version: '2.0.0', by: `u_${'2'.repeat(32)}` })],
    ['EBPM_NOT_OWNER', publishOp({ by: `u_${'2'.repeat(32)}` })],
    ['EBPM_NAME_TOO_SIMILAR', publishOp({ name: 'sig.snoop' })],
    ['EBPM_NAME_TOO_SIMILAR', publishOp({ name: 'sig_sn-oop' })],
    ['EBPM_TAG_REQUIRED', publishOp({ version: '2.0.0-a' })],
    ['EBPM_TAG_INVALID', publishOp({ version: '2.0.0-a', tag: 'latest' })],
    ['EBPM_TAG_INVALID', publishOp({ version: '2.0.0', tag: '1.x' })],
    ['EBPM_TAG_INVALID', publishOp({ version: '2.0.0', tag: '__proto__' })],
    ['EBPM_NOT_OWNER', publishOp({ version: '2.0.0', as: ACME })],
    ['EBPM_VISIBILITY_DIFFERS', publishOp({ version: '2.0.0', visibility: 'private' })],
    ['EBPM_SCOPE_REQUIRED', publishOp({ name: 'other', visibility: 'private' })],
  ])('refuses with %s, and the operation is void', (code, op) => {
    const { draft, verdicts } = folded(publishOp({}), op);
    expect(verdicts[1]).toMatchObject({ kind: 'refused', code });
    expect(draft.changes()).toMatchObject({
      versions: [{ version: '1.0.0' }],
      voids: [{ at: { seq: 3, index: 0 }, reason: code }],
    });
  });

  it('tells a scope apart from a name', () => {
    expect(folded(publishOp({ name: 'acme' }), publishOp({ name: '@acme/x' })).verdicts[1]).toMatchObject({
      kind: 'accepted',
    });
  });
});

describe('judgePublish() of what is done as an owner', () => {
  it('gives the package to the organisation, and lets its people and jobs publish', () => {
    const job = `c_${'4'.repeat(32)}`;
    const { draft, verdicts } = folded(
      publishOp({ as: ACME, by: ALICE }),
      publishOp({ as: ACME, by: BOB, version: '1.1.0' }),
      publishOp({ as: ACME, by: job, version: '1.2.0' }),
      publishOp({ by: ALICE, version: '1.3.0' }),
      publishOp({ by: job, version: '1.3.0' }),
    );
    expect(verdicts.map((verdict) => verdict?.kind)).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'refused',
      'unknown',
    ]);
    expect(draft.package('sigsnoop')?.owners).toEqual([ACME]);
  });

  it('does not know of it under rules 1, as those who wrote rules 1 did not', () => {
    const { draft } = foldedBy(1, publishOp({ as: ACME, visibility: 'private', name: '@a/x' }));
    expect(draft.package('@a/x')).toMatchObject({ owners: [ALICE], visibility: 'public' });
  });
});

describe('foldPackageOperation()', () => {
  it.each([
    ['an operation of a kind that it does not know', { type: 'rename' }],
    ['no version', { version: undefined }],
    ['a version with a "v"', { version: 'v1.0.0' }],
    ['a name that is none', { name: 'Sig' }],
    ['a digest that is none', { digest: 'sha256:1' }],
    ['a negative size', { size: -1 }],
    ['files that are none', { files: [{ path: 'x', size: 1 }] }],
    ['a manifest that is no object', { manifest: [] }],
    ['a tag that is no text', { tag: 7 }],
    ['an actor that is no user', { by: 'operator' }],
  ])('leaves %s void', (_what, change) => {
    const { draft } = folded({ ...publishOp({}), ...change } as never);
    expect(draft.changes()).toEqual({
      packages: [],
      versions: [],
      emptied: [],
      keys: [],
      condemned: [],
      voids: [{ at: { seq: 2, index: 0 }, reason: 'unknown' }],
    });
  });

  it('is total: any JSON object is folded or void, never an error', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.constantFrom(...Object.keys(publishOp({}))), fc.jsonValue())),
        (changes) => {
          const { draft, verdicts } = folded(...changes.map((change) => ({ ...publishOp({}), ...change }) as never));
          const accepted = verdicts.filter((verdict) => verdict?.kind === 'accepted').length;
          expect(draft.changes().versions.length).toBe(accepted);
          expect(draft.changes().voids.length).toBe(
            verdicts.filter((verdict) => verdict !== undefined).length - accepted,
          );
        },
      ),
      // What has no text was once looked up as the name of an operation.
      { examples: [[[{ type: { toString: false } }]]] },
    );
  });

  it('passes over what the log does with itself', () => {
    const draft = new PackageDraft(EMPTY_VIEW);
    const fold = (type: string, seq: number) =>
      foldPackageOperation(draft, someOp(type, { rules: 1 }), { at: { seq, index: 0 }, time: TIME, rules: 1 });
    fold('genesis', 1);
    fold('upgrade', 2);
    expect(draft.changes().voids).toEqual([]);
    fold('genesis', 3);
    expect(draft.changes().voids).toHaveLength(1);
  });
});
