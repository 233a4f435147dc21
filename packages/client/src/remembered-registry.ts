import type { Digest, Revocations } from '@ebpm/formats';
import type { ApiPackage, ApiVersion } from '@ebpm/schemas';
import type { PackageRegistry } from './package-registry.js';
import type { BlobOptions } from './registry-client.js';

/** A registry that is asked for each package once: what versions were chosen by is also what they are installed by. */
export class RememberedRegistry implements PackageRegistry {
  readonly #registry: PackageRegistry;
  readonly #packages = new Map<string, Promise<ApiPackage>>();
  #revocations: Promise<Revocations | undefined> | undefined;

  constructor(registry: PackageRegistry) {
    this.#registry = registry;
  }

  get url(): string {
    return this.#registry.url;
  }

  get isOffline(): boolean {
    return this.#registry.isOffline;
  }

  package(name: string): Promise<ApiPackage> {
    const found = this.#packages.get(name) ?? this.#registry.package(name);
    this.#packages.set(name, found);
    return found;
  }

  version(name: string, version: string): Promise<Pick<ApiVersion, 'manifest'>> {
    return this.#registry.version(name, version);
  }

  revocations(): Promise<Revocations | undefined> {
    this.#revocations ??= this.#registry.revocations();
    return this.#revocations;
  }

  blob(digest: Digest, options?: BlobOptions): Promise<Uint8Array> {
    return this.#registry.blob(digest, options);
  }
}
