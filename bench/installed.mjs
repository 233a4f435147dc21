import { readFileSync } from 'node:fs';
import { packFile } from '@ebpm/client';
import { digestOf } from '@ebpm/formats';
import { Store } from '../packages/client/dist/store.js';

/** Installs a package file under a name into a store, as a registry would have it. */
export async function install({ path, name, home, entry: file = 'package.json' }) {
  const version = '1.0.0';
  const bytes = readFileSync(path);
  const { archive } = packFile({ bytes, source: path }, { name, version });
  const store = new Store(home);
  const entry = { path: file, digest: digestOf(bytes) };
  const installed = { name, version, digest: digestOf(archive), registry: 'http://localhost', entry };
  await store.install({ ...installed, installedAt: new Date().toISOString() }, archive);
  await store.makeCurrent(name, version);
}
