import { readFileSync, rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { RegistryProcess } from '../e2e/registry-process.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { released } from './release.js';

const folder = temporaryFolder('registry-package');
afterAll(() => rmSync(folder, { recursive: true }));

it('the bundle of the package ebpm-registry serves a registry with the modules that npm installs beside it', async () => {
  // Where it is staged Node finds this clone's own node_modules, which are of the same exact versions.
  const program = released('stage/ebpm-registry/bin/ebpm-registry.cjs');
  const place = { store: `file:${folder}/store`, keyFile: `${folder}/key` };
  const registry = await RegistryProcess.start(place, program);
  const { status } = await fetch(`${registry.url}/readyz`);
  expect(status).toBe(200);
  expect(await registry.end('SIGTERM')).toBe(0);
});

it.each(['check-worker', 'settle-worker'])('the package ebpm-registry has the file of the thread %s', (name) => {
  expect(readFileSync(released(`stage/ebpm-registry/dist/${name}.js`), 'utf8')).toContain('parentPort');
});
