import type { Stats } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, EbpmError, parseJsonText } from '@ebpm/formats';
import { MAX_LOG_PIN_BYTES, MAX_LOG_PINS } from '../limits.js';
import { readRegularFile } from '../read-regular-file.js';
import { refuseUnsafe } from '../safe-file.js';
import { StorePaths } from '../store-paths.js';
import { writeFileAtomically } from '../write-file-atomically.js';
import { writing } from '../writing.js';

/** What is known of a registry's log. */
export interface LogPin {
  /** The registry's address. */
  readonly url: string;
  /** What signs its heads, as `/api/v1/log/key` gave it when the registry was used first. */
  readonly key: string;
  /** The highest head seen. */
  readonly head: Checkpoint;
}

/** Nobody but the user reads or writes the files. */
const MODE = 0o600;

/** What this user has seen of registries' logs, a file for each registry. */
export class LogPins {
  readonly #paths: StorePaths;

  /** @param home an absolute path, such as `$EBPM_HOME` */
  constructor(home: string) {
    this.#paths = new StorePaths(home);
  }

  /** What is known of a registry; undefined before it was used. @throws EBPM_TRUST_UNUSABLE */
  async read(url: string): Promise<LogPin | undefined> {
    const path = this.#paths.logPin(url);
    const pin = await readLogPin(path, refuseUnsafe);
    if (pin === undefined || pin.url === url) return pin;
    throw unusable(path, `it is about "${pin.url}"`);
  }

  /**
   * Keeps a head, unless another process has kept a higher one meanwhile.
   * @throws EBPM_TRUST_UNUSABLE, EBPM_STORE_UNWRITABLE
   */
  async write(pin: LogPin): Promise<void> {
    const there = await this.read(pin.url);
    if (there !== undefined && there.head.seq >= pin.head.seq) return;
    const text = `${JSON.stringify(pin, null, 2)}\n`;
    await writing(() => writeFileAtomically(this.#paths.logPin(pin.url), text, MODE));
  }

  /** Forgets a registry; gives whether anything was known of it. @throws EBPM_STORE_UNWRITABLE */
  async forget(url: string): Promise<boolean> {
    const path = this.#paths.logPin(url);
    const known = (await readRegularFile(path, MAX_LOG_PIN_BYTES).catch(() => new Uint8Array())) !== undefined;
    await writing(async () => {
      for (const file of [path, this.#paths.revocations(url)]) await rm(file, { force: true });
    });
    return known;
  }

  /** All registries whose logs are known, by address. @throws EBPM_TRUST_UNUSABLE */
  async all(): Promise<readonly LogPin[]> {
    const names = await readdir(this.#paths.trust).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw unusable(this.#paths.trust, error.message);
    });
    const files = names.filter((name) => /^[0-9a-f]{32}\.json$/.test(name)).slice(0, MAX_LOG_PINS);
    const pins = await Promise.all(files.map((name) => readLogPin(join(this.#paths.trust, name), refuseUnsafe)));
    return pins.filter((pin) => pin !== undefined).sort((a, b) => (a.url < b.url ? -1 : 1));
  }
}

/**
 * What a file says of a registry's log; undefined where there is none.
 * @param check looks at the very file that is read, and throws to refuse it
 * @throws EBPM_TRUST_UNUSABLE
 */
export async function readLogPin(path: string, check?: (stat: Stats) => void): Promise<LogPin | undefined> {
  try {
    const bytes = await readRegularFile(path, MAX_LOG_PIN_BYTES, check);
    if (bytes === undefined) return undefined;
    const value = parseJsonText(bytes);
    if (isPin(value)) return value;
  } catch (cause) {
    throw unusable(path, cause instanceof Error ? cause.message : String(cause));
  }
  throw unusable(path, 'it is not what was written');
}

function isPin(value: unknown): value is LogPin {
  const { url, key, head } = (value ?? {}) as { readonly [K in keyof LogPin]?: unknown };
  if (typeof url !== 'string' || typeof key !== 'string') return false;
  const { registry, seq, hash, time } = (head ?? {}) as { readonly [K in keyof Checkpoint]?: unknown };
  return (
    typeof registry === 'string' &&
    Number.isSafeInteger(seq) &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash) &&
    typeof time === 'string'
  );
}

/** Why a file below `trust` is not used. */
export function unusable(path: string, reason: string): EbpmError {
  return new EbpmError('EBPM_TRUST_UNUSABLE', `Cannot use "${path}": ${reason}`, {
    hint: `Type: chmod 600 ${path}\nOr remove it, and the registry is trusted as when it was used first`,
  });
}
