import { compareVersions, type Digest, EbpmError, type Revocations } from '@ebpm/formats';
import type { ApiPackage, ApiVersion, KnownVersion } from '@ebpm/schemas';
import { ArchiveStore } from './archive-store.js';
import { MAX_TOLD_MISSING } from './limits.js';
import type { PackageRegistry } from './package-registry.js';
import { knownRevocations } from './trust/known-revocations.js';
import { versionIdentity } from './version-identity.js';

/** A registry without a network: what it has said of the versions whose archives are in the store. */
export class OfflineRegistry implements PackageRegistry {
  readonly isOffline = true;
  readonly #home: string;
  readonly #archives: ArchiveStore;
  #url: string | undefined;
  /** Looked at once: a signature is verified for it. */
  #revocations: Promise<Revocations | undefined> | undefined;

  /** @param url of the registry; undefined where none is configured: the only one that is known of a package */
  constructor(home: string, url: string | undefined) {
    this.#home = home;
    this.#archives = new ArchiveStore(home);
    this.#url = url;
  }

  /** Only known once a package was asked for, where none is configured. */
  get url(): string {
    if (this.#url === undefined) throw new TypeError('no package was asked for');
    return this.#url;
  }

  /** A package with the versions that can be installed. @throws EBPM_OFFLINE, EBPM_REGISTRY_UNSET, EBPM_STORE_DAMAGED */
  async package(name: string): Promise<ApiPackage> {
    const known = await this.#installable(name);
    if (known.length === 0) throw missingOffline([name]);
    const versions = known.map(({ version }) => version).sort((a, b) => compareVersions(a.version, b.version));
    const tags = Object.fromEntries(known.flatMap(({ tags, version }) => tags.map((tag) => [tag, version.version])));
    // What was known to be revoked stays so.
    const keys = known
      .flatMap((one) => one.keys ?? [])
      .sort((a, b) => Number('revokedAt' in b) - Number('revokedAt' in a));
    const last = new Map(keys.toReversed().map((key) => [key.id, key]));
    return { name, tags, ...(last.size > 0 && { keys: [...last.values()] }), versions };
  }

  /** @throws EBPM_OFFLINE and what openArchive throws */
  async version(name: string, version: string): Promise<Pick<ApiVersion, 'manifest'>> {
    const known = await this.#installable(name);
    const found = known.find((one) => versionIdentity(one.version.version) === versionIdentity(version));
    if (found === undefined) throw missingOffline([`${name}@${version}`]);
    const { openArchive } = await import('./open-archive.js');
    const { manifest } = openArchive(await this.blob(found.version.digest as Digest), { name, version });
    return { manifest: { ...manifest } };
  }

  async revocations(): Promise<Revocations | undefined> {
    this.#revocations ??= knownRevocations(this.#home, this.url).then((known) => known?.list);
    return this.#revocations;
  }

  async blob(digest: Digest): Promise<Uint8Array> {
    const bytes = await this.#archives.read(digest);
    if (bytes === undefined) throw missingOffline([digest]);
    return bytes;
  }

  async #installable(name: string): Promise<readonly KnownVersion[]> {
    // A version that is put back is looked up nowhere.
    const { KnownVersions } = await import('./known-versions.js');
    const found: KnownVersion[] = [];
    for (const known of await new KnownVersions(this.#home).of(name)) {
      if (this.#url !== undefined && known.registry !== this.#url) continue;
      if (await this.#archives.has(known.version.digest as Digest)) found.push(known);
    }
    const registries = [...new Set(found.map(({ registry }) => registry))].sort();
    if (registries.length > 1) throw ambiguous(name, registries);
    this.#url ??= registries[0];
    return found;
  }
}

/** What cannot be had without a network. @param what names, names with what was asked for of them, or digests */
export function missingOffline(what: readonly string[], cause?: unknown): EbpmError {
  const told = what.slice(0, MAX_TOLD_MISSING).map((one) => `"${one}"`);
  const more = what.length > told.length ? ` and ${what.length - told.length} more` : '';
  const names = `${told.join(', ')}${more}`;
  return new EbpmError('EBPM_OFFLINE', `Cannot get ${names} without the network: the store has no archive of it`, {
    hint: 'Type it again without --offline and EBPM_OFFLINE, or load a bundle that has it: ebpm bundle load FILE',
    data: { missing: what },
    cause,
  });
}

function ambiguous(name: string, registries: readonly string[]): EbpmError {
  return new EbpmError(
    'EBPM_REGISTRY_UNSET',
    `Cannot tell which registry "${name}" is to be from: the store knows it from ${registries.length}, and none is configured`,
    { hint: `Name one: --registry ${registries[0]}`, data: { registries } },
  );
}
