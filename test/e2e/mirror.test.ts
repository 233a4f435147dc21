import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cliInstallKind, cliSearchKind, type Kind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoopbackServer, serve } from '../../packages/client/test/loopback-server.js';
import { openWorld, type World } from './open-world.js';
import { runProgram } from './registry-process.js';
import { runEbpm } from './run-ebpm.js';

let world: World;
let files: string;
let web: LoopbackServer;
beforeAll(async () => {
  world = await openWorld();
  files = join(world.folder, 'mirror');
  // A web server that knows files and nothing else.
  web = await serve(({ path }, response) => {
    try {
      response.end(readFileSync(join(files, resolve('/', decodeURIComponent(path)))));
    } catch {
      response.writeHead(404).end('not found');
    }
  });
  const published = await runEbpm(['publish', '--json'], {
    cwd: world.newProject(),
    env: { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token },
  });
  expect(published).toMatchObject({ exitCode: 0 });
});
afterAll(async () => {
  await web?.close();
  await world?.close();
});

async function json<T>(kind: Kind<T>, registry: string, home: string, ...args: readonly string[]): Promise<T> {
  const { stdout, stderr } = await runEbpm([...args, '--json'], { env: { EBPM_HOME: home, EBPM_REGISTRY: registry } });
  const checked = validate(kind, JSON.parse(stdout));
  if (!checked.ok) throw new Error(`${stdout}${stderr}`);
  return checked.value;
}

describe('ebpm-registry mirror', () => {
  it('makes a folder from which ebpm installs, as file: and from a web server', async () => {
    const refused = await runProgram(['mirror', world.registry.url, files]);
    expect(refused.stderr).toContain('EBPM_OUTBOUND_REFUSED');
    const made = await runProgram(['mirror', world.registry.url, files, '--allow', '127.0.0.1', '--json']);
    expect(JSON.parse(made.stdout)).toMatchObject({ packages: 1, blobs: 1 });
    for (const registry of [`file:${files}`, web.url]) {
      const home = world.newHome();
      expect((await json(cliSearchKind, registry, home, 'search', 'nothing')).results).toHaveLength(1);
      const installed = await json(cliInstallKind, registry, home, 'install', 'tiny');
      expect(JSON.stringify(installed)).toContain('"1.0.0"');
    }
  });

  it('says why it does not publish there', async () => {
    const env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: `file:${files}`, EBPM_TOKEN: 'ebpm_x' };
    const { exitCode, stderr } = await runEbpm(['publish'], { cwd: world.newProject(), env });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('EBPM_REGISTRY_READ_ONLY')]);
    const { EBPM_TOKEN: _token, ...nobody } = env;
    const untold = await runEbpm(['publish'], { cwd: world.newProject(), env: nobody });
    expect([untold.exitCode, untold.stderr]).toEqual([1, expect.stringContaining('EBPM_REGISTRY_READ_ONLY')]);
  });
});
