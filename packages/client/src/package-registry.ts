import type { Digest, Revocations } from '@ebpm/formats';
import type { ApiPackage, ApiVersion } from '@ebpm/schemas';
import type { BlobOptions } from './registry-client.js';

/** What installing needs of a registry: `RegistryClient` asks one, `OfflineRegistry` knows what one has said. */
export interface PackageRegistry {
  readonly url: string;
  /** Whether it answers from the store alone. */
  readonly isOffline: boolean;
  package(name: string): Promise<ApiPackage>;
  version(name: string, version: string): Promise<Pick<ApiVersion, 'manifest'>>;
  /** What it has revoked, as far as that is known; undefined where it never said. */
  revocations(): Promise<Revocations | undefined>;
  /** The bytes that a digest names, checked against it. */
  blob(digest: Digest, options?: BlobOptions): Promise<Uint8Array>;
}
