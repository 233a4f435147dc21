import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kills } from './kills.js';
import { openWorld, type World } from './open-world.js';
import { publishTo, testPackage } from './published-package.js';
import { runEbpm } from './run-ebpm.js';

const WORKER = fileURLToPath(new URL('store-worker.mjs', import.meta.url));
const NAMES = ['one', 'two', '@alice/three'];
const WORKERS = 4;
/** 200 at the same time. */
const WIDTH = 50;
const ROUNDS = kills(8, 200);
/** How long a worker works before it is killed, at most. */
const LIFE_MS = 800;

let world: World;
let home: string;

beforeAll(async () => {
  world = await openWorld();
  home = world.newHome();
  for (const name of NAMES) {
    for (const version of ['1.0.0', '1.1.0']) {
      const { ok } = await publishTo(world.registry.url, world.token, testPackage(name, version, '{}'.padEnd(20_000)));
      expect(ok).toBe(true);
    }
  }
});
afterAll(() => world.close());

it('two hundred installations and removals at once, killed at any moment, leave a sound store', {
  timeout: 3_000_000,
}, async () => {
  const done = { i: 0, l: 0, u: 0, c: 0 };
  const errors: string[] = [];
  let left = ROUNDS;
  const keepWorking = async (): Promise<void> => {
    while (left-- > 0) {
      const worker = startWorker(done, errors);
      const before = done.i + done.l;
      while (done.i + done.l === before && worker.exitCode === null) {
        await Promise.race([once(worker.stdout ?? worker, 'data'), once(worker, 'exit')]);
      }
      await sleep(Math.random() * LIFE_MS);
      if (worker.exitCode === null) {
        worker.kill('SIGKILL');
        await once(worker, 'exit');
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, keepWorking));
  process.stdout.write(
    `${ROUNDS} kills, ${done.i} installations, ${done.l} by a lockfile, ${done.u} removals, ${done.c} cleanings\n`,
  );
  expect(errors).toEqual([]);
  expect(done.i + done.l).toBeGreaterThanOrEqual(ROUNDS);
  expect(done.l).toBeGreaterThan(0);
  expect(done.u).toBeGreaterThan(0);

  const env = { EBPM_HOME: home, EBPM_REGISTRY: world.registry.url };
  const verified = await runEbpm(['cache', 'verify'], { env });
  expect(verified).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining(', 0 problems\n') });
  for (const name of NAMES) {
    expect(await runEbpm(['install', name, `${name}@1.0.0`], { env })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await runEbpm(['uninstall', name], { env })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(existsSync(join(home, 'installed', name))).toBe(false);
  }
  expect(readdirSync(join(home, 'installed'))).toEqual(['@alice']);
});

function startWorker(done: Record<string, number>, errors: string[]): ChildProcess {
  const args = [WORKER, home, world.registry.url, String(WIDTH), ...NAMES];
  const worker = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Syncing a file holds a thread.
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  });
  worker.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const letter of text) done[letter] = (done[letter] ?? 0) + 1;
  });
  worker.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  return worker;
}
