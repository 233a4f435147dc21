/**
 * What a registry of 10 thousand, 100 thousand and 1 million packages costs: reading its log, its tables, a start from a snapshot, and
 * searching. `node bench/search.mjs [COUNT...]`; it writes about 2.5 GB below the temporary directory for a million, and removes it.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../packages/registry/dist/clock.js';
import { updateRanks } from '../packages/registry/dist/downloads/update-ranks.js';
import { PackageIndex } from '../packages/registry/dist/index/package-index.js';
import { SearchIndex } from '../packages/registry/dist/index/search-index.js';
import { readEntry } from '../packages/registry/dist/log/read-entry.js';
import { completeOp, opLine, writeEntry } from '../packages/registry/dist/log/write-entry.js';
import { openRegistry } from '../packages/registry/dist/open-registry.js';
import { systemRandom } from '../packages/registry/dist/random.js';
import { openTables } from '../packages/registry/dist/snapshots/open-tables.js';
import { writeSnapshot } from '../packages/registry/dist/snapshots/write-snapshot.js';
import { entryKey } from '../packages/registry/dist/stores/keys.js';
import { openStore } from '../packages/registry/dist/stores/open.js';
import { downloadsOf, packageOps } from './registry/packages.mjs';

/** Each query many times among the others, so that noise meets all of them. */
const ROUNDS = Number(process.env.EBPM_BENCH_ROUNDS ?? 40);
const QUERIES = {
  'common word': ['trace', 'tcp', 'net', 'kernel'],
  'two common words': ['trace tcp', 'file open', 'exec latency', 'net event'],
  'rare word': ['zig', 'wireguard', 'btrfs', 'kalomi'],
  'beginning of a word': ['tr', 'tra', 'trac', 'monit'],
  'common and rare': ['trace zig', 'tcp wireguard', 'net btrfs', 'file rust'],
  'typing error': ['tracw', 'wireguarf', 'montior', 'lateny'],
  'a type': ['type:xdp', 'trace type:xdp', 'tcp type:lsm', 'type:fentry'],
  'a kernel': ['kernel:<=5.10', 'trace kernel:<=5.4', 'tcp kernel:<=6.1', 'zig kernel:<=4.18'],
  'several filters': [
    'trace type:xdp kernel:<=5.10',
    'keyword:tcp type:tc',
    'author:77 net',
    'keyword:trace kernel:<=6.6 type:kprobe',
  ],
  'nothing at all': ['', 'xqzvvkk', 'type:netfilter', 'keyword:nonsense'],
};

const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000, 1_000_000];
const load = loadavg().map((number) => number.toFixed(1));
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0].model}, load ${load.join(' ')}`,
);
for (const count of counts) await measure(count);

async function measure(count) {
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-bench-search-'));
  const keyFile = join(folder, 'key');
  const store = await openStore(`file:${join(folder, 'store')}`, { clock: systemClock, random: systemRandom });
  try {
    console.log(`\n${count.toLocaleString('en')} packages`);
    await fillLog({ store, keyFile, count });
    await fold({ store, keyFile, folder });
    await start({ store, keyFile, folder });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the entries as replicas do, 256 operations each, on top of a new registry's first. */
async function fillLog({ store, keyFile, count }) {
  await (await openRegistry({ store, keyFile })).close();
  const first = readEntry(await store.get(entryKey('log', 1)), { log: 'log', seq: 1, prev: '0'.repeat(64) });
  let after = first;
  const publishers = Array.from({ length: 20_000 }, (_, i) => `u_${i.toString(16).padStart(32, '0')}`);
  const ops = packageOps(publishers);
  for (let made = 0; made < count; ) {
    const lines = [];
    for (; lines.length < 256 && made < count; made++)
      lines.push(opLine(completeOp(ops.next().value, systemRandom.hex(16), 1)));
    const parts = {
      after,
      nonce: systemRandom.hex(16),
      writer: 'bench',
      timeMs: Date.parse(first.time) + after.seq,
      opLines: lines,
    };
    const bytes = writeEntry(parts);
    await store.create(entryKey('log', after.seq + 1), bytes);
    after = readEntry(bytes, { log: 'log', seq: after.seq + 1, prev: after.hash });
  }
}

/** Reads the log into tables, searches in them, and leaves a snapshot. */
async function fold({ store, keyFile, folder }) {
  const data = join(folder, 'data');
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  await (await openRegistry({ store, keyFile, data })).close();
  tell('reading the log', `${seconds(began)} s (${cpuSeconds(cpuBefore)} s of CPU)`);
  const database = await openTables({ store, data, onWarning: console.error });
  try {
    const packages = new PackageIndex(database);
    const names = database.prepare('SELECT name FROM packages ORDER BY id').pluck().all();
    await updateRanks(database, packages, new Map(downloadsOf(names)));
    tell(
      'tables',
      `${megabytes(statSync(join(data, 'registry.db')).size + statSync(join(data, 'registry.db-wal')).size)} MB`,
    );
    search(new SearchIndex(database, packages));
    const key = await writeSnapshot({ store, database, folder });
    tell('snapshot', `${megabytes(await store.head(key))} MB`);
  } finally {
    database.close();
  }
}

/** A new replica, without anything of its own. */
async function start({ store, keyFile, folder }) {
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  const registry = await openRegistry({ store, keyFile, data: join(folder, 'new') });
  tell('start from it', `${seconds(began)} s (${cpuSeconds(cpuBefore)} s of CPU), at entry ${registry.log.head().seq}`);
  await registry.close();
}

function search(index) {
  const taken = Object.fromEntries(Object.keys(QUERIES).map((kind) => [kind, { ms: [], cpuMs: [], found: 0 }]));
  for (let round = 0; round < ROUNDS + 1; round++) {
    for (const [kind, texts] of Object.entries(QUERIES)) {
      for (const text of texts) {
        const cpuBefore = process.cpuUsage();
        const began = performance.now();
        const { results } = index.search({ text, limit: 20, nowMs: Date.now() });
        const ms = performance.now() - began;
        const { user, system } = process.cpuUsage(cpuBefore);
        // The first round reads the tables into memory.
        if (round === 0) continue;
        taken[kind].ms.push(ms);
        taken[kind].cpuMs.push((user + system) / 1000);
        taken[kind].found += results.length;
      }
    }
  }
  const all = { ms: [], cpuMs: [] };
  for (const [kind, { ms, cpuMs, found }] of Object.entries(taken)) {
    row(kind, { ms, cpuMs }, `${(found / ms.length).toFixed(0)} found`);
    all.ms.push(...ms);
    all.cpuMs.push(...cpuMs);
  }
  row('all of these', all, `${all.ms.length} searches`);
}

function row(kind, { ms, cpuMs }, more) {
  const figures = [quantile(ms, 0.5), quantile(ms, 0.99), quantile(cpuMs, 0.5), quantile(cpuMs, 0.99)].map((value) =>
    value.toFixed(1).padStart(6),
  );
  console.log(
    `  search, ${kind.padEnd(20)} p50 ${figures[0]} ms, p99 ${figures[1]} ms; CPU p50 ${figures[2]} ms, p99 ${figures[3]} ms   (${more})`,
  );
}

function quantile(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
}

function tell(what, value) {
  console.log(`  ${what.padEnd(28)} ${value}`);
}

function seconds(beganMs) {
  return ((performance.now() - beganMs) / 1000).toFixed(1);
}

function cpuSeconds(before) {
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1e6).toFixed(1);
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(0);
}
