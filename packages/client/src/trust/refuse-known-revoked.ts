import type { InstalledVersion } from '../installed.js';
import { type KnownRevocations, knownRevocations, revocationOf } from './known-revocations.js';

/** Refuses installed versions that their registries are known to have revoked, as a run would: it asks nobody, and reads the list of each registry once. */
export class RefuseKnownRevoked {
  readonly #home: string;
  readonly #lists = new Map<string, Promise<KnownRevocations | undefined>>();

  /** @param home an absolute path, such as `$EBPM_HOME` */
  constructor(home: string) {
    this.#home = home;
  }

  /** @throws EBPM_TAKEN_DOWN, EBPM_KEY_REVOKED, EBPM_TRUST_UNUSABLE, EBPM_NOTE_INVALID */
  async refuse(version: InstalledVersion): Promise<void> {
    const { registry } = version;
    const reading = this.#lists.get(registry) ?? knownRevocations(this.#home, registry);
    this.#lists.set(registry, reading);
    const list = (await reading)?.list;
    const revoked = list && revocationOf(list, version);
    if (revoked !== undefined) throw revoked;
  }
}
