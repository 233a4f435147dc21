import type { JsonValue, Op } from '../../src/log/op.js';

/** Two users, and what they own. */
export const ALICE = `u_${'1'.repeat(32)}`;
export const BOB = `u_${'2'.repeat(32)}`;
export const ACME = `o_${'3'.repeat(32)}`;

/** A sound operation of some type. */
export function someOp(type: string, fields: Readonly<Record<string, JsonValue>> = {}): Op {
  return { type, salt: '0'.repeat(32), by: ALICE, auth: 1, ...fields };
}

/** A sound publish, with some fields as wanted. */
export function publishOp(
  fields: Partial<Record<'name' | 'version' | 'digest' | 'by' | 'as' | 'tag' | 'visibility', string>>,
): Op {
  const { name = 'sigsnoop', version = '1.0.0', by = ALICE, ...rest } = fields;
  return {
    type: 'publish',
    salt: '0'.repeat(32),
    by,
    auth: 1,
    name,
    version,
    digest: `sha256:${'a'.repeat(64)}`,
    size: 3072,
    files: [{ path: 'ebpm.json', size: 60, sha256: 'c'.repeat(64) }],
    manifest: { manifest: 1, name, version, description: 'Watches signals', keywords: ['signals'] },
    factsVersion: 0,
    ...rest,
  };
}
