import type { Op } from '../../src/log/op.js';

/** A sound publish, with some fields as wanted. */
export function publishOp(fields: Partial<Record<'name' | 'version' | 'digest' | 'by' | 'tag', string>>): Op {
  const { name = 'sigsnoop', version = '1.0.0', by = `u_${'1'.repeat(32)}`, ...rest } = fields;
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
