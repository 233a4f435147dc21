import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPackage, programOptions } from '@ebpm/runner';
import { drain } from './drain.mjs';
import { EBPM } from './ebpm.mjs';
import { flooding } from './flooding.mjs';
import { install } from './install.mjs';
import { ledgerCost } from './ledger-cost.mjs';
import { memory } from './memory.mjs';
import { openLoadAttach } from './open-load-attach.mjs';
import { registry } from './registry.mjs';
import { startUntilAttached } from './start.mjs';
import { wasm } from './wasm.mjs';

const SIGSNOOP = fileURLToPath(new URL('../examples/sigsnoop', import.meta.url));
const ROUNDS = Number(process.env.EBPM_BENCH_ROUNDS ?? 5);
/** The measurements, in their order; arguments choose some. */
const MEASUREMENTS = {
  load: openLoadAttach,
  start: startUntilAttached,
  drain,
  flood: flooding,
  wasm,
  memory,
  ledger: ledgerCost,
  registry,
  install,
};

if (process.getuid() !== 0 || !existsSync('/sys/kernel/tracing/events')) {
  console.error('The benchmarks load programs into this kernel. Run them as root, with tracefs mounted:');
  console.error('  mount -t tracefs tracefs /sys/kernel/tracing');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'ebpm-bench-'));
try {
  const packagePath = join(folder, 'sigsnoop.json');
  const build = [EBPM, 'build', SIGSNOOP, '--out', packagePath];
  execFileSync(process.execPath, build, { stdio: ['ignore', 'ignore', 'inherit'] });
  const pkg = openPackage(readFileSync(packagePath));
  const option = programOptions(pkg).find(({ variable }) => variable === 'filtered_pid');
  const load = loadavg().map((number) => number.toFixed(1));
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Linux ${release()}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0].model}, load ${load.join(' ')}`,
  );
  const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(MEASUREMENTS);
  for (const name of chosen) await MEASUREMENTS[name]({ pkg, packagePath, option, folder, rounds: ROUNDS });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
