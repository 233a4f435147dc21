import { describe, expect, it } from 'vitest';
import { audienceOf } from '../../src/fold/operation-audience.js';
import { folded } from './folded.js';
import { publishOp, someOp } from './publish-op.js';

const { draft } = folded(
  publishOp({ name: 'open' }),
  publishOp({ name: '@acme/secret', visibility: 'private' }),
  publishOp({ name: '@acme/was-open' }),
  someOp('visibility', { name: '@acme/was-open', visibility: 'private' }),
);

describe('audienceOf()', () => {
  it.each([
    ['genesis', someOp('genesis', { name: '@acme/secret' }), { kind: 'everybody' }],
    ['a key', someOp('key'), { kind: 'everybody' }],
    ['a condemned digest', someOp('condemn'), { kind: 'everybody' }],
    ['a public package', someOp('yank', { name: 'open' }), { kind: 'everybody' }],
    ['a private package', publishOp({ name: '@acme/secret' }), { kind: 'readers', name: '@acme/secret' }],
    [
      'what was public and is private',
      publishOp({ name: '@acme/was-open' }),
      { kind: 'readers', name: '@acme/was-open' },
    ],
    [
      'what made it private',
      someOp('visibility', { name: '@acme/was-open', visibility: 'private' }),
      { kind: 'everybody' },
    ],
    ['a name that has no package', someOp('yank', { name: 'none' }), 'operator'],
    ['a name that is none', someOp('yank', { name: 7 }), 'operator'],
    ['what the rules do not know', someOp('novelty'), 'operator'],
  ])('of %s', (_what, op, audience) => {
    expect(audienceOf(op, (name) => draft.package(name))).toEqual(audience);
  });
});
