import {
  archiveEntries,
  type Digest,
  EbpmError,
  MANIFEST_FILE,
  type Manifest,
  parseDigest,
  type Revocations,
  readManifest,
} from '@ebpm/formats';
import type { ApiPackage, ApiVersion } from '@ebpm/schemas';
import { ArchiveStore } from './archive-store.js';
import { MAX_EAGER_ARCHIVE_BYTES, MAX_EAGER_BYTES } from './limits.js';
import type { PackageRegistry } from './package-registry.js';
import type { BlobOptions, RegistryClient } from './registry-client.js';
import type { TrustedLog } from './trust/trusted-log.js';
import { versionIdentity } from './version-identity.js';

/**
 * A registry that is asked for each package once: what versions were chosen by is also what they are installed by. It is opened when there is something to
 * ask: what is in the store is installed without it.
 */
export class RememberedRegistry implements PackageRegistry {
  readonly isOffline = false;
  readonly #archives: ArchiveStore;
  readonly #trusted: TrustedLog;
  readonly #open: (trusted: TrustedLog) => Promise<RegistryClient>;
  readonly #packages = new Map<string, Promise<ApiPackage>>();
  /** Archives that were asked for to see what their versions need, until they are installed. */
  readonly #eager = new Map<Digest, Uint8Array>();
  #eagerBytes = 0;
  #registry: Promise<RegistryClient> | undefined;

  /**
   * @param home an absolute path, such as `$EBPM_HOME`
   * @param open called once at most
   */
  constructor(home: string, trusted: TrustedLog, open: (trusted: TrustedLog) => Promise<RegistryClient>) {
    this.#archives = new ArchiveStore(home);
    this.#trusted = trusted;
    this.#open = open;
  }

  get url(): string {
    return this.#trusted.url;
  }

  package(name: string): Promise<ApiPackage> {
    const found = this.#packages.get(name) ?? this.#opened().then((registry) => registry.package(name));
    this.#packages.set(name, found);
    return found;
  }

  /** What a version needs stands in its archive, too, which is wanted next if it is chosen: of a small one that is one answer instead of two. */
  async version(name: string, version: string): Promise<Pick<ApiVersion, 'manifest'>> {
    const manifest = await this.#eagerManifest(name, version);
    if (manifest !== undefined) return { manifest: { ...manifest } };
    return (await this.#opened()).version(name, version);
  }

  revocations(): Promise<Revocations | undefined> {
    return this.#trusted.revocations(async (minSeq) => (await this.#opened()).log.revocations(minSeq));
  }

  async blob(digest: Digest, options?: BlobOptions): Promise<Uint8Array> {
    const eager = this.#eager.get(digest);
    if (eager === undefined) return (await this.#opened()).blob(digest, options);
    this.#eager.delete(digest);
    this.#eagerBytes -= eager.length;
    options?.onProgress?.(eager.length);
    return eager;
  }

  /** Undefined where the archive is large, or not what it has to be: installing it then says so. */
  async #eagerManifest(name: string, version: string): Promise<Manifest | undefined> {
    const { versions } = await this.package(name);
    const listed = versions.find((one) => versionIdentity(one.version) === versionIdentity(version));
    if (listed === undefined || listed.sizeBytes > MAX_EAGER_ARCHIVE_BYTES) return undefined;
    if (this.#eagerBytes + listed.sizeBytes > MAX_EAGER_BYTES) return undefined;
    try {
      const bytes = await this.#eagerArchive(parseDigest(listed.digest));
      const file = archiveEntries(bytes).find((entry) => entry.name === MANIFEST_FILE);
      return file && readManifest(file.bytes);
    } catch (error) {
      if (error instanceof EbpmError) return undefined;
      throw error;
    }
  }

  async #eagerArchive(digest: Digest): Promise<Uint8Array> {
    const there = this.#eager.get(digest) ?? (await this.#archives.read(digest));
    if (there !== undefined) return there;
    const bytes = await (await this.#opened()).blob(digest);
    this.#eager.set(digest, bytes);
    this.#eagerBytes += bytes.length;
    return bytes;
  }

  #opened(): Promise<RegistryClient> {
    this.#registry ??= this.#open(this.#trusted);
    return this.#registry;
  }
}
