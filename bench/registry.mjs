import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostileUploads } from './registry/hostile.mjs';
import { publishes } from './registry/publishes.mjs';
import { reads } from './registry/reads.mjs';
import { s3Publishes } from './registry/s3-publishes.mjs';

/** The measurements, in their order; arguments of `node bench/registry.mjs` choose some. */
const MEASUREMENTS = { reads, publishes, hostile: hostileUploads, s3: s3Publishes };

/** The registry in the configuration of docs/hosting.md, beside verdaccio, nginx, a bare fastify and bare S3 clients. */
export async function registry({ rounds, chosen = Object.keys(MEASUREMENTS) }) {
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-bench-registry-'));
  try {
    for (const name of chosen) await MEASUREMENTS[name]({ folder, rounds });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const load = loadavg().map((number) => number.toFixed(1));
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Linux ${release()}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0].model}, load ${load.join(' ')}`,
  );
  const chosen = process.argv.length > 2 ? process.argv.slice(2) : undefined;
  await registry({ rounds: Number(process.env.EBPM_BENCH_ROUNDS ?? 3), ...(chosen !== undefined && { chosen }) });
}
