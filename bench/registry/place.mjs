import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The configuration that docs/hosting.md tells everybody to start with. */
export const HOSTING_CONFIG = JSON.parse(readFileSync(new URL('../../deploy/config.json', import.meta.url), 'utf8'));

/** What cannot be the same on a machine that measures: where things lie and where the server listens. */
export const OF_THE_PLACE = ['store', 'keyFile', 'host', 'port', 'data'];

/** The same configuration with a store, a key and a data folder of the measurement's own. */
export function measuredConfig({ store, keyFile, data }) {
  return { ...HOSTING_CONFIG, store, keyFile, data, host: '127.0.0.1', port: 0 };
}

/** Writes it to a file and gives its path. */
export function writeConfig(folder, name, place) {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(measuredConfig({ ...place, data: join(folder, name) })));
  return path;
}

/** The program that is measured. */
export const REGISTRY = fileURLToPath(new URL('../../packages/registry/bin/ebpm-registry.cjs', import.meta.url));
