import { join } from 'node:path';
import { type Digest, digestHex, parseDigest, parsePackageName, parseVersion, sha256Hex } from '@ebpm/formats';

/**
 * Where things lie in the local store. Names, versions and digests are checked before they become a path.
 *
 *   packages/sha256/<2>/<62>/<files>      what a package contains, by the digest of its archive
 *   packages/tmp/                         what is being written
 *   installed/<name>/<version>.json       that a version is installed
 *   installed/<name>/current              the version that the bare name stands for
 *   registries.json                       registries and tokens, for nobody but the user
 *   trust/<32 hex>.json                 what is known of a registry's log, by its URL's SHA-256
 */
export class StorePaths {
  readonly #home: string;

  /** @param home an absolute path, such as `$EBPM_HOME` */
  constructor(home: string) {
    this.#home = home;
  }

  get allContents(): string {
    return join(this.#home, 'packages/sha256');
  }

  contents(digest: Digest): string {
    const hex = digestHex(parseDigest(digest));
    return join(this.allContents, hex.slice(0, 2), hex.slice(2));
  }

  get temporary(): string {
    return join(this.#home, 'packages/tmp');
  }

  get installed(): string {
    return join(this.#home, 'installed');
  }

  versions(name: string): string {
    return join(this.installed, parsePackageName(name));
  }

  record(name: string, version: string): string {
    return join(this.versions(name), `${parseVersion(version)}.json`);
  }

  current(name: string): string {
    return join(this.versions(name), 'current');
  }

  get registries(): string {
    return join(this.#home, 'registries.json');
  }

  get trust(): string {
    return join(this.#home, 'trust');
  }

  /** @param url of the registry, as `registryUrl` gives it */
  logPin(url: string): string {
    return join(this.trust, `${sha256Hex(Buffer.from(url)).slice(0, 32)}.json`);
  }
}
