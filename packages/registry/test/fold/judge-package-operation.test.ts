import { describe, expect, it } from 'vitest';
import type { PackageState, VersionState } from '../../src/fold/package-state.js';
import type { JsonValue, Op } from '../../src/log/op.js';
import { folded } from './folded.js';
import { ACME, ALICE, BOB, publishOp, someOp } from './publish-op.js';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const PUBLIC_KEY = 'A'.repeat(43);
const KEY = 'k_66687aadf862bd776c8fc18b8e9f8e20';

type Fields = Readonly<Record<string, JsonValue>>;

function on(type: string, fields: Fields = {}): Op {
  return someOp(type, { name: 'sigsnoop', ...fields });
}

function takedown(fields: Fields): Op {
  return on('takedown', { by: 'operator', reason: 'malware', owners: [ALICE], visibility: 'public', ...fields });
}

const THREE = [publishOp({}), publishOp({ version: '1.1.0' }), publishOp({ version: '2.0.0-rc.1', tag: 'next' })];

interface Case {
  readonly ops: readonly Op[];
  readonly package?: Partial<PackageState>;
  readonly version?: readonly [version: string, state: Partial<VersionState>];
}

describe('judgePackageOperation()', () => {
  it.each<[string, Case]>([
    ['a yank', { ops: [on('yank', { version: '1.0.0', reason: 'broken' })], version: ['1.0.0', { yanked: 'broken' }] }],
    [
      'a yank of what tags name: latest goes to the highest stable version that is left',
      { ops: [on('yank', { version: '1.1.0' })], package: { tags: { latest: '1.0.0', next: '2.0.0-rc.1' } } },
    ],
    [
      'a yank of what another tag names, which goes',
      { ops: [on('yank', { version: '2.0.0-rc.1' })], package: { tags: { latest: '1.1.0' } } },
    ],
    [
      'a yank of everything: search shows the highest version still',
      {
        ops: ['1.0.0', '1.1.0', '2.0.0-rc.1'].map((version) => on('yank', { version })),
        package: { tags: {}, shown: '2.0.0-rc.1' },
      },
    ],
    [
      'what takes a yank back: latest goes to it as if it were new',
      {
        ops: [on('yank', { version: '1.1.0' }), on('unyank', { version: '1.1.0' })],
        package: { tags: { latest: '1.1.0', next: '2.0.0-rc.1' }, shown: '1.1.0' },
        version: ['1.1.0', { yanked: undefined }],
      },
    ],
    ['a deprecated package', { ops: [on('deprecate', { message: 'use x' })], package: { deprecated: 'use x' } }],
    [
      'a deprecated version',
      { ops: [on('deprecate', { message: 'use x', version: '1.0.0' })], version: ['1.0.0', { deprecated: 'use x' }] },
    ],
    [
      'what takes a deprecation back',
      {
        ops: [on('deprecate', { message: 'x' }), on('deprecate', { message: '' })],
        package: { deprecated: undefined },
      },
    ],
    [
      'a tag that goes back',
      {
        ops: [on('tag', { tag: 'latest', version: '1.0.0' })],
        package: { tags: { latest: '1.0.0', next: '2.0.0-rc.1' }, shown: '1.0.0' },
      },
    ],
    ['a tag that goes', { ops: [on('tag', { tag: 'next' })], package: { tags: { latest: '1.1.0' } } }],
    ['another owner', { ops: [on('owner', { action: 'add', owner: ACME })], package: { owners: [ALICE, ACME] } }],
    [
      'an owner who goes, by another',
      {
        ops: [on('owner', { action: 'add', owner: BOB }), on('owner', { by: BOB, action: 'remove', owner: ALICE })],
        package: { owners: [BOB] },
      },
    ],
    [
      'an owner put in by the operator',
      { ops: [on('owner', { by: 'operator', action: 'add', owner: BOB })], package: { owners: [ALICE, BOB] } },
    ],
    [
      'a version taken down: its number stays, its contents and tags go',
      {
        ops: [takedown({ version: '1.1.0', digest: A })],
        package: { tags: { latest: '1.0.0', next: '2.0.0-rc.1' } },
        version: ['1.1.0', { takenDown: 'malware', files: [], manifest: {}, size: 0 }],
      },
    ],
    ['a package taken down', { ops: [takedown({})], package: { takenDown: 'malware', tags: {}, owners: [ALICE] } }],
  ])('folds %s', (_what, { ops, package: state = {}, version }) => {
    const { draft, verdicts } = folded(...THREE, ...ops);
    expect(verdicts.map((verdict) => verdict?.kind)).toEqual([...THREE, ...ops].map(() => 'accepted'));
    expect(draft.package('sigsnoop')).toMatchObject(state);
    if (state.tags !== undefined) expect(draft.package('sigsnoop')?.tags).toEqual(state.tags);
    if (version !== undefined) expect(draft.version('sigsnoop', version[0])).toMatchObject(version[1]);
  });

  it.each<[string, Op[]]>([
    ['EBPM_PACKAGE_NOT_FOUND', [on('yank', { name: 'none', version: '1.0.0' })]],
    ['EBPM_VERSION_NOT_FOUND', [on('yank', { version: '9.0.0' })]],
    ['EBPM_NOT_OWNER', [on('yank', { by: BOB, version: '1.0.0' })]],
    ['EBPM_NOT_OWNER', [on('yank', { as: ACME, version: '1.0.0' })]],
    ['EBPM_NOT_OWNER', [on('deprecate', { by: BOB, message: 'x' })]],
    ['EBPM_NOT_OWNER', [on('tag', { by: BOB, tag: 'old', version: '1.0.0' })]],
    ['EBPM_NOT_OWNER', [on('owner', { by: BOB, action: 'add', owner: BOB })]],
    ['EBPM_NOT_OWNER', [on('visibility', { by: BOB, visibility: 'private' })]],
    ['EBPM_TAG_INVALID', [on('tag', { tag: 'latest' })]],
    ['EBPM_TAG_INVALID', [on('tag', { tag: 'latest', version: '2.0.0-rc.1' })]],
    ['EBPM_TAG_NOT_FOUND', [on('tag', { tag: 'none' })]],
    ['EBPM_VERSION_YANKED', [on('yank', { version: '1.0.0' }), on('tag', { tag: 'old', version: '1.0.0' })]],
    ['EBPM_LAST_OWNER', [on('owner', { action: 'remove', owner: ALICE })]],
    ['EBPM_SCOPE_REQUIRED', [on('visibility', { visibility: 'private' })]],
    ['EBPM_TAKEN_DOWN', [takedown({ version: '1.0.0', digest: A }), publishOp({})]],
    ['EBPM_TAKEN_DOWN', [takedown({ version: '1.0.0', digest: A }), on('unyank', { version: '1.0.0' })]],
    ['EBPM_TAKEN_DOWN', [takedown({}), publishOp({ version: '3.0.0' })]],
    ['EBPM_TAKEN_DOWN', [takedown({}), on('deprecate', { message: 'x' })]],
    ['EBPM_BLOB_IN_USE', [someOp('condemn', { by: 'registry', digests: [A] })]],
    ['EBPM_BLOB_NOT_CONDEMNED', [someOp('swept', { by: 'registry', digests: [B] })]],
    [
      'EBPM_BLOB_CONDEMNED',
      [someOp('condemn', { by: 'registry', digests: [B] }), publishOp({ version: '3.0.0', digest: B })],
    ],
    ['EBPM_KEY_NOT_FOUND', [someOp('key', { action: 'revoke', id: KEY })]],
    ['EBPM_KEY_EXISTS', [register({}), register({ by: BOB })]],
    ['EBPM_KEY_NOT_FOUND', [register({}), someOp('key', { by: BOB, action: 'revoke', id: KEY })]],
    ['EBPM_KEY_REVOKED', [register({}), someOp('key', { action: 'revoke', id: KEY }), register({})]],
  ])('refuses with %s what is asked for last (case %#)', (code, ops) => {
    const { draft, verdicts } = folded(...THREE, ...ops);
    expect(verdicts.at(-1)).toMatchObject({ kind: 'refused', code });
    expect(draft.changes().voids).toMatchObject([{ reason: code }]);
  });

  it.each<[string, Op]>([
    ['yank', on('yank', { version: '1.0.0' })],
    ['deprecate', on('deprecate', { message: 'x' })],
    ['deprecate a version', on('deprecate', { message: 'x', version: '1.0.0' })],
    ['tag', on('tag', { tag: 'old', version: '1.0.0' })],
    ['add an owner', on('owner', { action: 'add', owner: BOB })],
    ['take a version down', takedown({ version: '1.0.0', digest: A })],
    ['take a package down', takedown({})],
    ['register a key', register({})],
    ['condemn', someOp('condemn', { by: 'operator', digests: [B] })],
  ])('takes what repeats the first as a success: %s', (_what, op) => {
    expect(folded(...THREE, op, op).verdicts.slice(-2)).toEqual(
      [{ kind: 'accepted' }, { kind: 'repeated', at: { seq: 5, index: 0 } }].map((verdict) =>
        expect.objectContaining(verdict),
      ),
    );
  });

  it('opens a digest again once it was swept', () => {
    const condemn = someOp('condemn', { by: 'registry', digests: [B] });
    const { verdicts } = folded(condemn, { ...condemn, type: 'swept' }, publishOp({ digest: B }));
    expect(verdicts.at(-1)?.kind).toBe('accepted');
  });

  it('stops at 64 owners and at 256 tags', () => {
    const owners = Array.from({ length: 64 }, (_, i) => `u_${String(i).padStart(32, '0')}`);
    const adds = owners.map((owner) => on('owner', { action: 'add', owner }));
    expect(folded(publishOp({}), ...adds).verdicts.at(-1)).toMatchObject({ kind: 'refused', code: 'EBPM_TOO_MANY' });
    const tags = Array.from({ length: 256 }, (_, i) => on('tag', { tag: `t-${i}`, version: '1.0.0' }));
    expect(folded(publishOp({}), ...tags).verdicts.at(-1)).toMatchObject({ kind: 'refused', code: 'EBPM_TOO_MANY' });
  });

  it.each<[string, Op]>([
    ['a takedown by an owner', takedown({ by: ALICE })],
    ['a takedown without the digest', takedown({ version: '1.0.0' })],
    ['a reason of 1,025 characters', on('yank', { version: '1.0.0', reason: 'x'.repeat(1025) })],
    ['a key that is not 32 bytes', register({ publicKey: 'AAAA' })],
    ['a key under the id of another', register({ publicKey: `B${'A'.repeat(42)}` })],
    ['an owner who is a job', on('owner', { action: 'add', owner: `c_${'1'.repeat(32)}` })],
    ['digests twice', someOp('condemn', { by: 'registry', digests: [B, B] })],
    ['a condemn by somebody', someOp('condemn', { digests: [B] })],
  ])('does not know %s', (_what, op) => {
    expect(folded(...THREE, op).verdicts.at(-1)).toEqual({ kind: 'unknown' });
  });
});

function register(fields: Fields): Op {
  return someOp('key', { action: 'register', id: KEY, publicKey: PUBLIC_KEY, ...fields });
}
