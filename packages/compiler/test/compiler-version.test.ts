import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { COMPILER_VERSION } from '../src/index.js';

it('COMPILER_VERSION is the version of this package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  expect(COMPILER_VERSION).toBe(`ebpm-${version}`);
});
