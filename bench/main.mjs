import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPackage, programOptions } from '@ebpm/runner';
import { openLoadAttach } from './open-load-attach.mjs';
import { startUntilAttached } from './start.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ROUNDS = Number(process.env.EBPM_BENCH_ROUNDS ?? 5);

if (process.getuid() !== 0 || !existsSync('/sys/kernel/tracing/events')) {
  console.error('The benchmarks load programs into this kernel. Run them as root, with tracefs mounted:');
  console.error('  mount -t tracefs tracefs /sys/kernel/tracing');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'ebpm-bench-'));
try {
  const packagePath = join(folder, 'sigsnoop.json');
  const build = [
    join(ROOT, 'packages/cli/bundle/main.js'),
    'build',
    join(ROOT, 'examples/sigsnoop'),
    '--out',
    packagePath,
  ];
  execFileSync(process.execPath, build, { stdio: ['ignore', 'ignore', 'inherit'] });
  const pkg = openPackage(readFileSync(packagePath));
  const option = programOptions(pkg).find(({ variable }) => variable === 'filtered_pid');
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Linux ${release()}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0].model}`,
  );
  await openLoadAttach({ pkg, option, folder, rounds: ROUNDS });
  await startUntilAttached({ packagePath, pidFlag: '--filtered_pid', folder, rounds: ROUNDS });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
