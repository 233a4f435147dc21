import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EBPM } from '../kernels/installation.js';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

/** Where the kernel lets nobody trace, nothing can be said. */
const POSSIBLE = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

let world: World;
let env: Record<string, string>;

beforeAll(async () => {
  world = await openWorld();
  env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
  await runEbpm(['publish', world.newProject()], { env });
  await runEbpm(['publish', world.newProject({ name: 'other' })], { env });
  await runEbpm(['install', 'tiny'], { env });
});
afterAll(() => world.close());

/** How a command ends, and the calls of it and its children that can reach a network: those about sockets that are not local. */
function trace(args: readonly string[]): { readonly exitCode: number | null; readonly calls: readonly string[] } {
  const output = join(world.folder, 'trace');
  const filter = 'trace=socket,connect,sendto,sendmsg';
  const command = [process.execPath, EBPM, ...args];
  const { status } = spawnSync('strace', ['-f', '-qq', '-e', filter, '-o', output, ...command], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    timeout: 60_000,
  });
  const lines = readFileSync(output, 'utf8').split('\n');
  return { exitCode: status, calls: lines.filter((line) => /AF_(?!UNIX\b)/.test(line)) };
}

describe.skipIf(!POSSIBLE)('ebpm and the network', () => {
  it.each([['run', 'tiny', '--help'], ['run', 'tiny@^1', '--help'], ['list'], ['install', 'tiny@1.0.0']])(
    'ebpm %s %s opens no connection, since it is installed',
    (...args) => {
      expect(trace(args)).toEqual({ exitCode: 0, calls: [] });
    },
  );

  // How these end depends on what the kernel allows here.
  it.each([
    ['run', '--duration', '100ms', 'tiny'],
    ['check', 'tiny'],
  ])('ebpm %s %s opens no connection either', (...args) => {
    expect(trace(args).calls).toEqual([]);
  });

  it('ebpm run of a package that is not installed does, so that the tests above can fail', () => {
    const { exitCode, calls } = trace(['run', 'other', '--help']);
    expect({ exitCode, connects: calls.some((line) => line.includes('connect(')) }).toEqual({
      exitCode: 0,
      connects: true,
    });
  });
});
