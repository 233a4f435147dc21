import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listedVersions, publishTo, servedDigest, type TestPackage, testPackage } from './published-package.js';
import { newToken, RegistryProcess } from './registry-process.js';
import { type OpenedPlace, REGISTRY_STORES } from './registry-stores.js';
import { slowPublish } from './slow-publish.js';

/** The part of the kills that must fall before the commit: fewer would prove little. */
const WANTED_IN_TIME = 0.3;
const MEASURED = 5;
/** After a publish the registry pauses, some 40 ms; that is no part of the next one. */
const PAUSE_MS = 100;
const NAME = 'killed';

let opened: OpenedPlace;
let token: string;
let server: RegistryProcess;

/** What a kill left, seen from the client before it and from a new process after it. */
interface Outcome {
  /** The server had begun to read the request. */
  readonly accepted: boolean;
  /** The client got its answer. */
  readonly answered: boolean;
  /** The version is in the log. */
  readonly committed: boolean;
}

describe.each(REGISTRY_STORES)('ebpm-registry on $name', ({ open, kills }) => {
  beforeAll(async () => {
    opened = await open();
    token = await newToken(opened.place, 'alice');
    server = await RegistryProcess.start(opened.place);
  });
  afterAll(async () => {
    await server?.end('SIGKILL');
    await opened?.close();
  });

  it('leaves the whole version or nothing when it is killed at any moment of a publish', {
    timeout: 900_000,
  }, async () => {
    const lengthMs = await medianLengthMs();
    const outcomes: Outcome[] = [];
    for (let round = 0; round < kills; round++) {
      outcomes.push(await killedPublish(versionOf(round), (1.2 * lengthMs * round) / (kills - 1)));
    }
    const inTime = outcomes.filter(({ accepted, committed }) => accepted && !committed).length;
    const committed = outcomes.filter((outcome) => outcome.committed).length;
    const answered = outcomes.filter((outcome) => outcome.answered).length;
    process.stdout.write(
      `${kills} kills of the registry over 1.2 x ${lengthMs.toFixed(1)} ms: ${inTime} between the first byte received ` +
        `and the commit, ${committed - answered} between the commit and the answer, ${answered} after it\n`,
    );
    expect(inTime).toBeGreaterThanOrEqual(WANTED_IN_TIME * kills);
    // Everything that any round left or submitted again is there, once.
    const listed = (await listedVersions(server.url, NAME)).map(({ version }) => version);
    expect(listed).toHaveLength(new Set(listed).size);
    expect(listed).toEqual(
      expect.arrayContaining(Array.from({ length: kills }, (_, round) => versionOf(round).version)),
    );
  });
});

/** A package that takes a few milliseconds to check and to store, as real ones do. */
function versionOf(round: number): TestPackage {
  return testPackage(NAME, `1.${round}.0`, `${round}`.repeat(20_000));
}

/** How long a publish takes, from the first byte sent to the answer, on a server as young as those that are killed. */
async function medianLengthMs(): Promise<number> {
  const lengths: number[] = [];
  for (let i = 0; i < MEASURED; i++) {
    const sample = testPackage(NAME, `0.${i}.0`, `${i}`.repeat(20_000));
    await sleep(PAUSE_MS);
    const startMs = performance.now();
    const publish = slowPublish(server.url, token, sample);
    publish.send();
    expect(await publish.status).toBe(201);
    lengths.push(performance.now() - startMs);
    expect(await afterKill(sample)).toBe(true);
  }
  return lengths.sort((a, b) => a - b)[Math.floor(MEASURED / 2)] ?? Number.NaN;
}

/** Publishes, kills the server after the delay, and has a new one tell what is there. */
async function killedPublish(sample: TestPackage, delayMs: number): Promise<Outcome> {
  await sleep(PAUSE_MS);
  let accepted = false;
  const publish = slowPublish(server.url, token, sample);
  void publish.accepted.then(() => {
    accepted = true;
  });
  publish.send();
  await waitExactly(delayMs);
  const committed = await afterKill(sample);
  const answered = (await publish.status) === 201;
  if (answered) expect(committed).toBe(true);
  return { accepted, answered, committed };
}

/**
 * Kills the server, starts another one, which is then the next to be killed, and submits the version again.
 * @returns whether the version was there before that
 */
async function afterKill(sample: TestPackage): Promise<boolean> {
  await server.end('SIGKILL');
  server = await RegistryProcess.start(opened.place);
  const ready = await fetch(`${server.url}/readyz`);
  expect(await ready.json()).toMatchObject({ status: 'ok' });
  const committed = await isWholeOrAbsent(sample);
  const again = await publishTo(server.url, token, sample);
  expect(again.status).toBe(committed ? 200 : 201);
  return committed;
}

/** Timers are too coarse for delays of less than a few milliseconds; the event loop goes on meanwhile. */
async function waitExactly(ms: number): Promise<void> {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs) await new Promise((resolve) => setImmediate(resolve));
}

async function isWholeOrAbsent({ version, digest }: TestPackage): Promise<boolean> {
  const found = (await listedVersions(server.url, NAME)).find((listed) => listed.version === version);
  const blob = await fetch(`${server.url}/api/v1/blobs/sha256/${digest.slice('sha256:'.length)}`, { method: 'HEAD' });
  if (found === undefined) {
    expect(blob.status).toBe(404);
    return false;
  }
  expect([found.digest, await servedDigest(server.url, digest)]).toEqual([digest, digest]);
  return true;
}
