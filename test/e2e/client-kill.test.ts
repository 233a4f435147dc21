import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EBPM } from '../kernels/installation.js';
import { kills } from './kills.js';
import { openWorld, type World } from './open-world.js';
import { listedVersions, servedDigest } from './published-package.js';
import { runEbpm } from './run-ebpm.js';
import { SlowProxy } from './slow-proxy.js';

const ROUNDS = kills(15);
/** The part of the kills that must fall between the first byte received and the commit: fewer would prove little. */
const WANTED_IN_TIME = 0.3;
const MEASURED = 3;
/** What is uploaded: more than the sockets on the way hold, so that a kill can tear it. */
const UPLOAD_BYTES = 4_000_000;
/** How long the upload takes, measured in what a publish takes without it: most kills are to fall into it. */
const UPLOAD_SHARE = 1.5;
const NAME = 'killed';

let world: World;
let proxy: SlowProxy;
let bytesPerMs = Number.POSITIVE_INFINITY;
let project: string;
let env: Record<string, string>;

beforeAll(async () => {
  world = await openWorld();
  proxy = await SlowProxy.start(world.registry.url, () => Math.min(bytesPerMs, UPLOAD_BYTES));
  project = world.newProject({ name: NAME, files: ['data'] });
  env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: proxy.url, EBPM_TOKEN: world.token };
});
afterAll(async () => {
  proxy.close();
  await world.close();
});

/** What a kill met and left. */
interface Outcome {
  /** The registry had received the first byte of the upload. */
  readonly started: boolean;
  /** At the moment of the kill the version was in the log. */
  readonly committedBefore: boolean;
  /** It is now. */
  readonly committed: boolean;
}

it('ebpm publish, killed at any moment, leaves the whole version or nothing, and can be repeated', {
  timeout: 900_000,
}, async () => {
  bytesPerMs = UPLOAD_BYTES / (UPLOAD_SHARE * (await medianLengthMs(0)));
  const lengthMs = await medianLengthMs(1);
  const outcomes: Outcome[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    outcomes.push(await killedPublish(`1.${round}.0`, (lengthMs * round) / (ROUNDS - 1)));
  }
  const count = (matches: (outcome: Outcome) => boolean) => outcomes.filter(matches).length;
  const inTime = count(({ started, committedBefore }) => started && !committedBefore);
  process.stdout.write(
    `${ROUNDS} kills of the client over ${lengthMs.toFixed(0)} ms: ${count(({ started }) => !started)} before the first ` +
      `byte received, ${inTime} between it and the commit (of which ${count((one) => one.committed && !one.committedBefore)} ` +
      `were committed all the same), ${count(({ committedBefore }) => committedBefore)} after it\n`,
  );
  expect(inTime).toBeGreaterThanOrEqual(WANTED_IN_TIME * ROUNDS);
  const listed = (await listedVersions(world.registry.url, NAME)).map(({ version }) => version);
  expect(listed).toHaveLength(new Set(listed).size);
  expect(listed).toHaveLength(ROUNDS + 2 * MEASURED);
});

/** How long a whole `ebpm publish` takes, from the start of the process to its end. */
async function medianLengthMs(minor: number): Promise<number> {
  const lengths: number[] = [];
  for (let i = 0; i < MEASURED; i++) {
    prepare(`0.${minor}.${i}`);
    const startMs = performance.now();
    expect(await runEbpm(['publish', project], { env })).toMatchObject({ exitCode: 0, stderr: '' });
    lengths.push(performance.now() - startMs);
  }
  return lengths.sort((a, b) => a - b)[Math.floor(MEASURED / 2)] ?? Number.NaN;
}

/** Publishes, kills the client after the delay, looks at what is there, and publishes the same again. */
async function killedPublish(version: string, delayMs: number): Promise<Outcome> {
  prepare(version);
  const before = logEntries();
  proxy.reset();
  const client = spawn(process.execPath, [EBPM, 'publish', project], { env, stdio: 'ignore' });
  await Promise.race([sleep(delayMs), once(client, 'exit')]);
  client.kill('SIGKILL');
  const outcome = { started: proxy.uploadStarted, committedBefore: logEntries() > before };
  if (client.exitCode === null && client.signalCode === null) await once(client, 'exit');
  await proxy.idle();
  const committed = await isWholeOrAbsent(version);
  const again = await runEbpm(['publish', project, '--json'], { env: { ...env, EBPM_REGISTRY: world.registry.url } });
  expect(again).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(again.stdout)).toMatchObject({ version, created: !committed });
  return { ...outcome, committed };
}

/** Makes the project another version with other contents. */
function prepare(version: string): void {
  writeFileSync(join(project, 'ebpm.json'), JSON.stringify({ manifest: 1, name: NAME, version, files: ['data'] }));
  writeFileSync(join(project, 'data'), randomBytes(UPLOAD_BYTES));
}

function logEntries(): number {
  return readdirSync(join(world.folder, 'store/log')).length;
}

async function isWholeOrAbsent(version: string): Promise<boolean> {
  const { url } = world.registry;
  const found = (await listedVersions(url, NAME)).find((listed) => listed.version === version);
  if (found === undefined) return false;
  expect(await servedDigest(url, found.digest)).toBe(found.digest);
  return true;
}
