// Builds the addon with npm's own node-gyp: `npm run build:native -w @ebpm/loader`. It needs g++, make, Python 3, pkg-config
// and libbpf's headers, and Node's headers, which node-gyp downloads only where the system has none beside Node.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Another folder with a binding.gyp and native/ may be given; what pkg-config and gyp read comes from the environment.
const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..');
const prefix = join(dirname(process.execPath), '..');

if (spawnSync('pkg-config', ['--exists', 'libbpf >= 1.0']).status !== 0) {
  fail('libbpf 1.0 or newer with its headers is missing: apt-get install pkg-config libbpf-dev libelf-dev zlib1g-dev');
}
const nodeGyp = process.env.npm_config_node_gyp;
if (nodeGyp === undefined) fail('start it through npm: npm run build:native -w @ebpm/loader');

const headers = existsSync(join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : [];
const build = spawnSync(
  process.execPath,
  [nodeGyp, 'configure', 'build', '--release', '--jobs=max', '--loglevel=error', ...headers],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exit(build.status ?? 1);

function fail(reason) {
  console.error(`Cannot build the addon: ${reason}`);
  process.exit(1);
}
