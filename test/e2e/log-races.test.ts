import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../packages/registry/src/clock.js';
import { openLog } from '../../packages/registry/src/log/open-log.js';
import { systemRandom } from '../../packages/registry/src/random.js';
import { openStore } from '../../packages/registry/src/stores/open.js';
import { VersionFold } from '../../packages/registry/test/log/version-fold.js';
import type { Command } from './log-writer.js';
import { type S3Server, startS3Server } from './s3-server.js';

/** Beside the repository's packages, so that the bundle finds those that it does not hold. */
const WRITER = fileURLToPath(new URL('../../node_modules/.cache/ebpm-e2e/log-writer.mjs', import.meta.url));

let server: S3Server;
let directory: string;
beforeAll(async () => {
  const entryPoints = [fileURLToPath(new URL('log-writer.ts', import.meta.url))];
  const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external' } as const;
  await build({ ...options, entryPoints, outfile: WRITER, logLevel: 'error' });
  directory = await mkdtemp(join(tmpdir(), 'ebpm-races-'));
  server = await startS3Server();
});
afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true });
});

describe.each([
  { kind: 'a directory', kills: 40 },
  { kind: 'S3', kills: 20 },
])('processes that share a log on $kind', ({ kind, kills }) => {
  const children = new Set<ChildProcess>();
  let stores = 0;
  afterEach(async () => {
    for (const child of children) await kill(child);
  });

  function newStore(): string | Promise<string> {
    return kind === 'S3' ? server.newBucket() : `file:${join(directory, String(++stores))}`;
  }

  it('eight publishers of one version with different contents, ten rounds: one success and seven refusals', async () => {
    const address = await newStore();
    const [one, two] = await startTwo(address);
    for (let round = 0; round < 10; round++) {
      const contents = Array.from({ length: 8 }, (_, i) => ({ version: `1.0.${round}`, digest: `d${i}` }));
      const answers = await Promise.all([
        ask(one, { publish: contents.slice(0, 4) }),
        ask(two, { publish: contents.slice(4) }),
      ]);
      expect(answers.flat().sort()).toEqual([...Array(7).fill('EBPM_VERSION_EXISTS'), 'new']);
    }
    expect((await audit(address)).size).toBe(10);
  });

  it('eight publishers of one version with the same contents: eight successes and one operation', async () => {
    const address = await newStore();
    const [one, two] = await startTwo(address);
    for (let round = 0; round < 10; round++) {
      const same = { publish: Array(4).fill({ version: `1.0.${round}`, digest: 'd' }) };
      const answers = await Promise.all([ask(one, same), ask(two, same)]);
      expect(answers.flat().sort()).toEqual([...Array(7).fill('already'), 'new']);
    }
    expect((await audit(address)).size).toBe(10);
  });

  it('eight publishers of 25 versions each: all are there', async () => {
    const address = await newStore();
    const [one, two] = await startTwo(address);
    const versions = (n: number) => Array.from({ length: 100 }, (_, i) => ({ version: `${n}.0.${i}`, digest: 'd' }));
    const answers = await Promise.all([ask(one, { publish: versions(1) }), ask(two, { publish: versions(2) })]);
    expect(answers.flat()).toEqual(Array(200).fill('new'));
    expect((await audit(address)).size).toBe(200);
  });

  it(`a writer killed ${kills} times: what it said is there, once, and nothing but what it tried`, async () => {
    const address = await newStore();
    const tried = new Set<string>();
    const committed = new Set<string>();
    let midway = 0;
    for (let i = 0; i < kills; i++) {
      const child = await start(address);
      child.on('message', (told: { trying?: string; committed?: string }) => {
        if (told.trying !== undefined) tried.add(told.trying);
        if (told.committed !== undefined) committed.add(told.committed);
      });
      child.send({ stream: String(i) } satisfies Command);
      // A commit and the pause after it take about 30 ms: the kills fall evenly into that time.
      await systemClock.sleep(40 + (60 * i) / kills);
      await kill(child);
      midway += tried.size > committed.size ? 1 : 0;
    }
    const versions = await audit(address);
    expect([...committed].filter((version) => !versions.has(version))).toEqual([]);
    expect([...versions.keys()].filter((version) => !tried.has(version))).toEqual([]);
    expect(midway).toBeGreaterThan(kills / 2);
  });

  async function startTwo(address: string): Promise<[ChildProcess, ChildProcess]> {
    return Promise.all([start(address), start(address)]);
  }

  async function start(address: string): Promise<ChildProcess> {
    const child = fork(WRITER, [address, server.accessKey, server.secretKey], {
      env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    children.add(child);
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    expect(message).toBe('ready');
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    children.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async function ask(child: ChildProcess, command: Command): Promise<readonly string[]> {
    child.send(command);
    const [answers] = await once(child, 'message');
    return answers;
  }

  /** What a process sees that reads the whole log for the first time; nothing in it may be void. */
  async function audit(address: string): Promise<VersionFold['versions']> {
    const time = { clock: systemClock, random: systemRandom };
    const s3Credentials = { accessKeyId: server.accessKey, secretAccessKey: server.secretKey };
    const store = await openStore(address, { ...time, s3Credentials });
    const fold = new VersionFold();
    const log = await openLog({ store, log: 'log', fold, writer: 'audit', ...time });
    expect(log.health()).toEqual({ ok: true });
    expect(fold.voided).toEqual([]);
    await log.close();
    await store.close();
    return fold.versions;
  }
});
