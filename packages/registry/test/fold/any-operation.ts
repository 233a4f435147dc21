import { publisherKeyId } from '@ebpm/formats';
import fc from 'fast-check';

import type { Op } from '../../src/log/op.js';
import { ACME, ALICE, BOB, publishOp, someOp } from './publish-op.js';

const name = fc.constantFrom('a', 'b', 'a-b', 'a.b', '@x/a');
const version = fc.constantFrom('1.0.0', '1.0.0+b', '1.1.0', '2.0.0-rc.1', '0.9.0', 'bad');
const digest = fc.constantFrom(`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`);
const actor = fc.record({
  by: fc.constantFrom(ALICE, ALICE, BOB, 'operator'),
  as: fc.option(fc.constantFrom(ACME, BOB), { nil: undefined, freq: 4 }),
});
const visibility = fc.constantFrom('public', 'private');
const text = fc.constantFrom('', 'broken');
const publicKey = fc.constantFrom('A'.repeat(43), `B${'A'.repeat(42)}`);

/** Some operation on few names, so that operations meet; most of them are sound. */
export const anyOperation: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 6,
    arbitrary: operation('publish', {
      name,
      version,
      digest,
      tag: fc.option(fc.constantFrom('next', 'latest', 'v1'), { nil: undefined }),
      visibility: fc.option(visibility, { nil: undefined, freq: 2 }),
    }),
  },
  operation('yank', { name, version, reason: text }),
  operation('unyank', { name, version }),
  operation('deprecate', { name, version: fc.option(version, { nil: undefined }), message: text }),
  operation('tag', { name, tag: fc.constantFrom('next', 'latest'), version: fc.option(version, { nil: undefined }) }),
  operation('owner', { name, action: fc.constantFrom('add', 'remove'), owner: fc.constantFrom(ALICE, BOB, ACME) }),
  operation('visibility', { name, visibility }),
  fc
    .record({ name, reason: text, version: fc.option(version, { nil: undefined }), digest, visibility })
    .map(({ version, digest, ...rest }) =>
      someOp('takedown', {
        ...rest,
        by: 'operator',
        owners: [ALICE],
        ...(version !== undefined && { version, digest }),
      }),
    ),
  operation('key', { action: fc.constantFrom('register', 'revoke'), publicKey }).map(
    (op): Op => ({ ...op, id: publisherKeyId(String(op['publicKey'])) }),
  ),
  fc
    .record({
      type: fc.constantFrom('condemn', 'swept'),
      digests: fc.uniqueArray(digest, { minLength: 1, maxLength: 2 }),
    })
    .map(({ type, digests }) => someOp(type, { by: 'registry', digests })),
);

function operation(type: string, fields: Readonly<Record<string, fc.Arbitrary<string | undefined>>>): fc.Arbitrary<Op> {
  return fc.tuple(actor, fc.record(fields)).map(([who, given]) => {
    const present = Object.entries({ ...who, ...given }).filter(
      (field): field is [string, string] => field[1] !== undefined,
    );
    return { ...(type === 'publish' ? publishOp({}) : someOp(type)), ...Object.fromEntries(present) };
  });
}
