// Installs and removes packages in one store until it is killed, many at a time; prints a letter for each that was done.
// Arguments: the store, the registry's URL, how many at a time, names of packages that have the versions 1.0.0 and 1.1.0.

import { Http, RegistryClient } from '@ebpm/client';
import { parseSpec } from '@ebpm/formats';
import { cleanStore } from '../../packages/client/dist/cache/clean-store.js';
import { installPackage } from '../../packages/client/dist/install-package.js';
import { installLocked } from '../../packages/client/dist/project/install-locked.js';
import { uninstallPackages } from '../../packages/client/dist/uninstall-packages.js';

const [home, url, width, ...names] = process.argv.slice(2);
const registry = new RegistryClient(new Http({ userAgent: 'ebpm/test' }), url);
const options = {
  home,
  withRegistries: (use) => use({ registryFor: () => registry, registryAt: () => registry }),
  machine: { arch: 'x86_64' },
  ebpmVersion: '0.1.0',
  now: () => new Date(),
};

const listed = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await registry.package(name)])));

/** As a lockfile has it: put back from the store where it was installed before. */
function locked({ name, range }) {
  const { version, digest } = listed[name].versions.find((one) => one.version === range) ?? listed[name].versions[0];
  const packages = { [name]: { version, digest, registry: url } };
  return installLocked({ lockfile: 1, requires: {}, packages }, { ...options, registryAt: () => registry });
}

const DO = {
  install: (spec) => installPackage(spec, options),
  locked,
  uninstall: (spec) => uninstallPackages([spec], home),
  clean: () => cleanStore(home),
};

await Promise.all(Array.from({ length: Number(width) }, work));

async function work() {
  for (;;) {
    const spec = `${pick(names)}${pick(['', '@1.0.0', '@1.1.0', '@^1'])}`;
    const what = pick(['install', 'install', 'locked', 'locked', 'uninstall', 'uninstall', 'uninstall', 'clean']);
    try {
      await DO[what](parseSpec(spec));
      process.stdout.write(what[0]);
    } catch (error) {
      if (error.code !== 'EBPM_NOT_INSTALLED') throw error;
    }
  }
}

function pick(things) {
  return things[Math.floor(Math.random() * things.length)];
}
