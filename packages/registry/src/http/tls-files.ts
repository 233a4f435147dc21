import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { configError } from '../config/config-error.js';
import type { HttpSettings } from './http-settings.js';

/** A certificate and its key, as TLS takes them. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** How often the files are looked at: certificates are renewed days before they end. */
const LOOK_MS = 60_000;

/** The files of a certificate, which somebody renews while the server runs. */
export class TlsFiles {
  readonly #paths: { readonly cert: string; readonly key: string };
  #timer: NodeJS.Timeout | undefined;

  constructor(paths: { readonly cert: string; readonly key: string }) {
    this.#paths = paths;
  }

  /** @throws EBPM_REGISTRY_CONFIG when they cannot be read, or do not belong together */
  read(): TlsPair {
    const { cert, key } = this.#paths;
    try {
      const pair = { cert: readFileSync(cert), key: readFileSync(key) };
      createSecureContext(pair);
      return pair;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw configError(`Cannot use the certificate "${cert}" with the key "${key}": ${reason}`, { cause });
    }
  }

  /** Gives the pair whenever it has changed and is sound; half-written ones are looked at again later. */
  watch(onChange: (pair: TlsPair) => void): void {
    let seen = this.#stamp();
    this.#timer = setInterval(() => {
      const stamp = this.#stamp();
      if (stamp === undefined || stamp === seen) return;
      try {
        onChange(this.read());
        seen = stamp;
      } catch {
        // The old certificate goes on; the next look comes in a minute.
      }
    }, LOOK_MS).unref();
  }

  /** Ends the watching. Safe to call twice. */
  close(): void {
    clearInterval(this.#timer);
  }

  #stamp(): string | undefined {
    const stats = [this.#paths.cert, this.#paths.key].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs);
    return stats.includes(undefined) ? undefined : stats.join();
  }
}

/**
 * The files that the settings name; undefined: no TLS.
 * @throws EBPM_REGISTRY_CONFIG when only one of them is named
 */
export function tlsFiles({ tlsCert: cert, tlsKey: key }: HttpSettings): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return new TlsFiles({ cert, key });
  throw configError('Cannot use the configuration: TLS needs both "tlsCert" and "tlsKey"');
}
