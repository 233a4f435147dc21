import { readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInLab } from '@ebpm/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUEST_COMMAND, guestFiles } from '../../packages/cli/src/guest-files.js';
import { openWorld, type World } from '../e2e/open-world.js';
import { runEbpm } from '../e2e/run-ebpm.js';
import { publishTools } from '../e2e/tool-world.js';
import { buildProgram } from './build-program.js';
import { BUNDLE, LAB_CACHE } from './installation.js';
import { KERNELS } from './kernels.js';
import { temporaryFolder } from './temporary-folder.js';

const DRIVER = fileURLToPath(new URL('tools.mjs', import.meta.url));
const HOME = '/test/home';

const folder = temporaryFolder('wasm-tools');
let world: World;
/** A store with an application and the tools that it starts. */
let home: string;

beforeAll(async () => {
  world = await openWorld();
  const env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
  await publishTools(world, env);
  home = world.newHome();
  await runEbpm(['install', 'sums'], { env: { ...env, EBPM_HOME: home } });
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});

/** Natively test/e2e/wasm-tools.test.ts does the same. */
describe.each(KERNELS.flatMap(({ name, version }) => (version === undefined ? [] : [{ name, version }])))(
  'on $name',
  ({ version }) => {
    it('a module sums up what a tool tells, and nothing is left of both, also when the broker is killed', async () => {
      const request = { ebpm: GUEST_COMMAND, programIds: '/test/program-ids', started: '/test/program-ids' };
      const { results, stderr } = await runInLab({
        kernel: version,
        cacheDir: LAB_CACHE,
        command: ['/bin/sh', '-c', `EBPM_HOME=${HOME} exec node /test/tools.mjs /test/request /test/result`],
        files: {
          ...guestFiles(BUNDLE),
          ...filesIn(home),
          '/test/tools.mjs': DRIVER,
          '/test/program-ids': buildProgram('program-ids', folder),
          '/test/request': Buffer.from(JSON.stringify(request)),
        },
        results: ['/test/result'],
        deadlineMs: 280_000,
      });
      const result = results['/test/result'];
      if (result === undefined) throw new Error(`tools.mjs wrote nothing:\n${stderr}`);
      const { summed, left, killed, leftOfKilled } = JSON.parse(Buffer.from(result).toString('utf8'));
      expect(summed).toMatchObject({ code: 0, stdout: 'events 2, of true 0, last 1\nended 0\n' });
      expect(summed.stderr).toMatch(/^execs@1\.0\.0: \d+ events/m);
      expect(killed).toMatchObject({ signal: 'SIGKILL' });
      for (const { during } of [summed, killed]) expect(during.length).toBeGreaterThan(0);
      expect([left, leftOfKilled]).toEqual([[], []]);
    });
  },
);

/** The files of a store, where the lab has them. */
function filesIn(store: string): Readonly<Record<string, string>> {
  const entries = readdirSync(store, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [join(HOME, relative(store, path)), path]));
}
