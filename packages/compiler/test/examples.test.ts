import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EunomiaMeta } from '@ebpm/formats';
import { readObject } from '@ebpm/object';
import { expect, it } from 'vitest';
import { buildPackage } from '../src/build-package.js';
import { buildOptions } from './options.js';
import { copyOf, EXAMPLES, FIXTURES } from './project-dir.js';

it.each([
  join(EXAMPLES, 'sigsnoop'),
  join(EXAMPLES, 'opensnoop'),
  join(EXAMPLES, 'bootstrap'),
  join(EXAMPLES, 'unlinks'),
  join(FIXTURES, 'annotated'),
])('buildPackage() derives the golden metadata of %s', async (source) => {
  const { manifest, object, meta, diagnostics } = await buildPackage(buildOptions(await copyOf(source)));
  expect(diagnostics).toBe('');
  expect(withoutTypeIds(meta)).toEqual(
    JSON.parse(await readFile(new URL(`golden/${manifest.name}.golden.json`, import.meta.url), 'utf8')),
  );
  const { btf } = readObject(object);
  for (const { name, size, type_id, members } of meta.export_types) {
    expect(btf?.type(type_id)).toMatchObject({
      kind: 'struct',
      name,
      sizeBytes: size,
      members: members.map((member) => ({ name: member.name })),
    });
  }
});

/** The numbers of types are clang's choice. */
function withoutTypeIds(meta: EunomiaMeta): unknown {
  return { ...meta, export_types: meta.export_types.map(({ type_id, ...rest }) => rest) };
}
