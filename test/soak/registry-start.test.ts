import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../packages/registry/src/clock.js';
import { openDatabase } from '../../packages/registry/src/index/open-database.js';
import { ENTRY_LIMITS } from '../../packages/registry/src/limits-log.js';
import { readEntry } from '../../packages/registry/src/log/read-entry.js';
import { completeOp, opLine, writeEntry } from '../../packages/registry/src/log/write-entry.js';
import { openRegistry } from '../../packages/registry/src/open-registry.js';
import { systemRandom } from '../../packages/registry/src/random.js';
import { writeSnapshot } from '../../packages/registry/src/snapshots/write-snapshot.js';
import { openDirectoryStore } from '../../packages/registry/src/stores/directory.js';
import { entryKey } from '../../packages/registry/src/stores/keys.js';
import type { Store } from '../../packages/registry/src/stores/store.js';

const PACKAGES = Number(process.env['EBPM_SOAK_PACKAGES'] ?? 1_000_000);
/** The promise for a million packages, in milliseconds. */
const WANTED_MS = 10_000;

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-million-'));
  store = await openDirectoryStore({ path: join(folder, 'store'), clock: systemClock, random: systemRandom });
});
afterAll(() => rmSync(folder, { recursive: true }));

const keyFile = () => join(folder, 'key');

/** Writes a log of that many packages, 256 to an entry. */
async function generate(): Promise<void> {
  await (await openRegistry({ store, keyFile: keyFile() })).close();
  const genesis = (await store.get(entryKey('log', 1))) ?? new Uint8Array();
  let head = readEntry(genesis, { log: 'log', seq: 1, prev: undefined });
  for (let made = 0; made < PACKAGES; made += ENTRY_LIMITS.ops) {
    const count = Math.min(ENTRY_LIMITS.ops, PACKAGES - made);
    const opLines = Array.from({ length: count }, (_, i) => publishLine(made + i));
    const nonce = systemRandom.hex(16);
    const bytes = writeEntry({ after: head, nonce, writer: 'soak', timeMs: Date.now(), opLines });
    await store.create(entryKey('log', head.seq + 1), bytes);
    head = readEntry(bytes, { log: 'log', seq: head.seq + 1, prev: head.hash });
  }
}

const WORDS = ['trace', 'files', 'network', 'latency', 'disk', 'open', 'process', 'tcp', 'cache', 'signal', 'memory'];

function publishLine(i: number): string {
  const name = `tool-${i.toString(36)}`;
  const words = Array.from({ length: 8 }, (_, n) => WORDS[(i * 7 + n * (1 + (i % 5))) % WORDS.length] ?? '');
  const hex = createHash('sha256').update(name).digest('hex');
  const op = {
    type: 'publish',
    by: `u_${hex.slice(0, 32)}`,
    name,
    version: '1.0.0',
    digest: `sha256:${hex}`,
    size: 20_000,
    files: [{ path: 'ebpm.json', size: 200, sha256: hex }],
    manifest: { manifest: 1, name, version: '1.0.0', description: words.join(' '), keywords: words.slice(0, 3) },
    factsVersion: 0,
  } as const;
  return opLine(completeOp(op, hex.slice(0, 32), 0));
}

/** How long a replica without tables takes until it answers. */
async function startMs(data?: string): Promise<number> {
  const sinceMs = performance.now();
  const registry = await openRegistry({ store, keyFile: keyFile(), data });
  const tookMs = performance.now() - sinceMs;
  expect(registry.packages.package(`tool-${(PACKAGES - 1).toString(36)}`)).toBeDefined();
  await registry.close();
  return tookMs;
}

describe('a registry of a million packages', () => {
  it('starts from a snapshot in 10 s', { timeout: 3_600_000 }, async () => {
    await generate();
    const data = join(folder, 'data');
    const foldedMs = await startMs(data);
    const database = openDatabase(data);
    const sinceMs = performance.now();
    const key = await writeSnapshot({ store, database, folder });
    const writtenMs = performance.now() - sinceMs;
    database.close();
    const sizeBytes = (await store.head(key)) ?? 0;
    const starts = [await startMs(), await startMs(), await startMs()].sort((a, b) => a - b);
    process.stdout.write(
      `${PACKAGES} packages: folded in ${seconds(foldedMs)}, snapshot of ${(sizeBytes / 1e6).toFixed(0)} MB written in ${seconds(writtenMs)}, ` +
        `started from it in ${starts.map(seconds).join(', ')}\n`,
    );
    expect(starts[1]).toBeLessThan(WANTED_MS);
  });
});

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
