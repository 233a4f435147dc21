import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npmEnvironment } from '../npm-environment.mjs';
import { ROOT, runStep, say } from '../run-step.mjs';

/** Builds the addon against the libraries in `prefix`, in a folder that only holds what it is built from. Gives the build's folder. */
export function buildStaticAddon(prefix, folder) {
  say('Building the addon with them inside');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['binding.gyp', 'native'])
    cpSync(join(ROOT, 'packages/loader', name), join(folder, name), { recursive: true });
  runStep('npm', ['run', '--silent', 'build:native', '-w', '@ebpm/loader', '--', folder], {
    env: {
      ...npmEnvironment(),
      PKG_CONFIG_LIBDIR: join(prefix, 'lib/pkgconfig'),
      GYP_DEFINES: 'libbpf_linkage=static',
    },
    stdio: ['ignore', 2, 2],
  });
  return join(folder, 'build/Release');
}
