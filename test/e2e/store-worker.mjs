// Installs and removes packages in one store until it is killed, many at a time; prints a letter for each that was done.
// Arguments: the store, the registry's URL, how many at a time, names of packages that have the versions 1.0.0 and 1.1.0.

import { Http, RegistryClient } from '@ebpm/client';
import { parseSpec } from '@ebpm/formats';
import { cleanStore } from '../../packages/client/dist/cache/clean-store.js';
import { installPackage } from '../../packages/client/dist/install-package.js';
import { uninstallPackage } from '../../packages/client/dist/uninstall-package.js';

const [home, url, width, ...names] = process.argv.slice(2);
const registry = new RegistryClient(new Http({ userAgent: 'ebpm/test' }), url);
const options = {
  home,
  withRegistry: (use) => use(registry),
  machine: { arch: 'x86_64' },
  ebpmVersion: '0.1.0',
  now: () => new Date(),
};

const DO = {
  install: (spec) => installPackage(spec, options),
  uninstall: (spec) => uninstallPackage(spec, home),
  clean: () => cleanStore(home),
};

await Promise.all(Array.from({ length: Number(width) }, work));

async function work() {
  for (;;) {
    const spec = `${pick(names)}${pick(['', '@1.0.0', '@1.1.0', '@^1'])}`;
    const what = pick(['install', 'install', 'install', 'uninstall', 'uninstall', 'uninstall', 'clean']);
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
