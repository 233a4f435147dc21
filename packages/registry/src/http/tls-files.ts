import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { EbpmError } from '@ebpm/formats';
import { configError } from '../config/config-error.js';
import { whyUnreadable } from '../config/why-unreadable.js';
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
    const pair = { cert: readPart(cert, 'certificate'), key: readPart(key, 'key') };
    checkPart({ cert: pair.cert }, `Cannot use the certificate "${cert}"`, 'it is no certificate in PEM');
    checkPart({ key: pair.key }, `Cannot use the key "${key}"`, 'it is no private key in PEM without a passphrase');
    // TLS itself compares only keys of the same kind.
    if (new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key))) return pair;
    throw tlsError(`Cannot use the certificate "${cert}" with the key "${key}": they do not belong together`);
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

function readPart(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw tlsError(`Cannot read the ${name} "${path}": ${whyUnreadable(cause)}`, cause);
  }
}

function checkPart(part: Partial<TlsPair>, action: string, reason: string): void {
  try {
    createSecureContext(part);
  } catch (cause) {
    // Such as ERR_SSL_EE_KEY_TOO_SMALL: it was read, and TLS takes none like it.
    const isWeak = cause instanceof Error && 'code' in cause && String(cause.code).startsWith('ERR_SSL_');
    throw tlsError(`${action}: ${isWeak ? 'it is too weak for TLS' : reason}`, cause);
  }
}

function tlsError(message: string, cause?: unknown): EbpmError {
  return configError(message, {
    cause,
    hint: 'Name a certificate and its key, both in PEM: --tls-cert FILE --tls-key FILE',
  });
}

/**
 * The files that the settings name; undefined: no TLS.
 * @throws EBPM_REGISTRY_CONFIG when only one of them is named
 */
export function tlsFiles({ tlsCert: cert, tlsKey: key }: HttpSettings): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return new TlsFiles({ cert, key });
  throw tlsError('Cannot use the configuration: TLS needs both "tlsCert" and "tlsKey"');
}
