import type { InstalledVersion } from '@ebpm/client';
import { type Digest, digestOf, packTar } from '@ebpm/formats';
import type { Lockfile } from '@ebpm/schemas';
import { Store } from '../../../client/src/store.js';
import type { Context } from '../../src/context.js';
import { moduleBytes } from './module-bytes.js';

const REGISTRY = 'https://hub.example.org';

/** A package that is put into a store. */
export interface StoredPackage {
  readonly name: string;
  readonly version?: string;
  /** The entry's path and bytes; default: it is a package of headers. */
  readonly entry?: readonly [path: string, bytes: Uint8Array];
  readonly dependencies?: Readonly<Record<string, string>>;
  /** What was chosen for it. */
  readonly needs?: Lockfile;
}

/** A module that may start tools. */
export const STARTER = moduleBytes([['ebpm', 'tool_start']]);

/** Puts a package into the store of a home, as `ebpm install` does. */
export async function putIn(home: string, stored: StoredPackage): Promise<InstalledVersion> {
  const { name, version = '1.0.0', entry, dependencies = {}, needs } = stored;
  const [path, bytes] = entry ?? [];
  const manifest = { manifest: 1, name, version, entry: path ?? [], dependencies };
  const files = [{ path: 'ebpm.json', bytes: Buffer.from(JSON.stringify(manifest)) }];
  const archive = packTar(path === undefined ? files : [...files, { path, bytes: bytes ?? new Uint8Array() }]);
  const installed: InstalledVersion = {
    name,
    version,
    digest: digestOf(archive),
    registry: REGISTRY,
    ...(path !== undefined && { entry: { path, digest: digestOf(bytes ?? new Uint8Array()) } }),
    ...(needs !== undefined && { needs }),
    installedAt: '2026-01-02T03:04:05.000Z',
  };
  await new Store(home).install(installed, archive);
  return installed;
}

/** What was chosen for a package that depends on these. */
export function chosen(...versions: readonly { name: string; version: string; digest: Digest }[]): Lockfile {
  const packages = versions.map(
    ({ name, version, digest }) => [name, { version, digest, registry: REGISTRY }] as const,
  );
  const requires = versions.map(({ name, version }) => [name, version] as const);
  return { lockfile: 1, requires: Object.fromEntries(requires), packages: Object.fromEntries(packages) };
}

/** A context of somebody with that home, whose stderr is kept. */
export function contextOf(home: string, told: string[] = []): Context {
  const output = { write: (chunk: string | Uint8Array) => void told.push(String(chunk)) };
  return {
    env: {},
    stdout: output,
    stderr: output,
    home,
    cacheFolder: home,
    isOffline: true,
    told: new Set(),
    registry: undefined,
  };
}
