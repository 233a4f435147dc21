import { dirname, join } from 'node:path';
import { type Digest, digestHex, parseDigest, parsePackageName, parseVersion, sha256Hex } from '@ebpm/formats';

/**
 * Where things lie in the local store. Names, versions and digests are checked before they become a path.
 *
 *   installed/<name>@<version>.tar            an installed version: its archive, and behind it what is known of it
 *   installed/<name>@current                  the version that the bare name stands for, where that is not the highest
 *   packages/sha256/<2>/<62>.tar              archives by their digest, to be installed from; any of them may vanish at any time.
 *                                             Of what was installed it is the same file, another link to it
 *   packages/tmp/                             what is being written
 *   judged/<64>.json                          what objects may do that were run as files, to be found out again at any time
 *   approvals/<64>.json                       what its user has agreed to, by the digest of an object
 *   index/<name>@<version>~<16 hex>.json      what a registry has said of a version whose archive is here
 *   projects/<32 hex>                         the folder of a project that installs from here, by its SHA-256
 *   registries.json                           registries and tokens, for nobody but the user
 *   trust/<32 hex>.revoked.json               what that registry was last heard to have revoked
 *   trust/<32 hex>.json                       what is known of a registry's log, by its URL's SHA-256
 */
export class StorePaths {
  readonly #home: string;

  /** @param home an absolute path, such as `$EBPM_HOME` */
  constructor(home: string) {
    this.#home = home;
  }

  get archives(): string {
    return join(this.#home, 'packages/sha256');
  }

  archive(digest: Digest): string {
    const hex = digestHex(parseDigest(digest));
    return join(this.archives, hex.slice(0, 2), `${hex.slice(2)}.tar`);
  }

  get temporary(): string {
    return join(this.#home, 'packages/tmp');
  }

  get installed(): string {
    return join(this.#home, 'installed');
  }

  /** The folder that the versions of a package lie in: its scope's, or that of all. */
  folderOf(name: string): string {
    return dirname(this.current(name));
  }

  version(name: string, version: string): string {
    return join(this.installed, `${parsePackageName(name)}@${parseVersion(version)}${VERSION_ENDING}`);
  }

  current(name: string): string {
    return join(this.installed, `${parsePackageName(name)}@current`);
  }

  judgement(object: Digest): string {
    return join(this.#home, 'judged', `${digestHex(parseDigest(object))}.json`);
  }

  approval(object: Digest): string {
    return join(this.#home, 'approvals', `${digestHex(parseDigest(object))}.json`);
  }

  /** What the paths begin with where it stands what is known of a package's versions. */
  known(name: string): string {
    return join(this.#home, 'index', `${parsePackageName(name)}@`);
  }

  get projects(): string {
    return join(this.#home, 'projects');
  }

  get registries(): string {
    return join(this.#home, 'registries.json');
  }

  get trust(): string {
    return join(this.#home, 'trust');
  }

  /** @param url of the registry, as `registryUrl` gives it */
  revocations(url: string): string {
    return this.logPin(url).replace(/\.json$/, '.revoked.json');
  }

  /** @param url of the registry, as `registryUrl` gives it */
  logPin(url: string): string {
    return join(this.trust, `${sha256Hex(Buffer.from(url)).slice(0, 32)}.json`);
  }
}

/** How the file of an installed version ends. */
export const VERSION_ENDING = '.tar';
