import { type Checkpoint, EbpmError, openCheckpoint, parseNoteKey, type Revocations } from '@ebpm/formats';
import { REVOCATIONS_EVERY_MS } from '../limits.js';
import { type LogPosition, refuseBehind, refuseOther } from '../log-head.js';
import { knownRevocations } from './known-revocations.js';
import { type LogPin, LogPins } from './log-pins.js';
import { refreshRevocations } from './refresh-revocations.js';

/** A signed head that came with an answer. */
export interface ArrivedHead {
  /** The checkpoint, as a signed note. */
  readonly note: string;
  /** What was the highest when the question was sent: what answers it is not older. Undefined where an older answer may be kept by a cache. */
  readonly since: LogPosition | undefined;
  /** What the registry says now signs its heads. */
  readonly key: () => Promise<string>;
}

/**
 * The log of one registry, as this user knows it: the key is that of the first time, and the highest head that was seen stays seen,
 * also by later processes.
 */
export class TrustedLog {
  readonly url: string;
  readonly #home: string;
  readonly #pins: LogPins;
  #revocations: Promise<Revocations | undefined> | undefined;
  #pin: LogPin | undefined;
  #isRead = false;
  /** The note that was verified last: most answers of one command have the same. */
  #verified: { readonly note: string; readonly head: Checkpoint } | undefined;
  /** Answers are taken one after another: the first of them pins. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param home an absolute path, such as `$EBPM_HOME`
   * @param url of the registry, as `registryUrl` gives it
   */
  constructor(home: string, url: string) {
    this.url = url;
    this.#home = home;
    this.#pins = new LogPins(home);
  }

  /** The highest head seen; undefined before the registry was used. @throws EBPM_TRUST_UNUSABLE */
  async highest(): Promise<Checkpoint | undefined> {
    return (await this.#read())?.head;
  }

  /** The key that was pinned; undefined before the registry was used. @throws EBPM_TRUST_UNUSABLE */
  async key(): Promise<string | undefined> {
    return (await this.#read())?.key;
  }

  /**
   * Takes a head, pins the key when it is the first, and keeps the head when it is the highest.
   *
   * @throws EBPM_REGISTRY_KEY_CHANGED, EBPM_REGISTRY_WENT_BACK, EBPM_REGISTRY_FORKED, EBPM_NOTE_INVALID, EBPM_TRUST_UNUSABLE
   */
  see(head: ArrivedHead): Promise<void> {
    const seen = this.#last.then(() => this.#see(head));
    this.#last = seen.catch(() => undefined);
    return seen;
  }

  /**
   * What the registry has revoked: asked for once by a process, and at most once an hour. A registry that does not answer that, or is of before there were
   * lists, leaves what was known.
   *
   * @throws EBPM_REVOCATIONS_OLD, EBPM_REGISTRY_FORKED, EBPM_NOTE_INVALID, EBPM_TRUST_UNUSABLE, EBPM_STORE_UNWRITABLE
   */
  revocations(ask: (minSeq: string) => Promise<string>): Promise<Revocations | undefined> {
    this.#revocations ??= this.#askForRevocations(ask);
    return this.#revocations;
  }

  async #askForRevocations(ask: (minSeq: string) => Promise<string>): Promise<Revocations | undefined> {
    const [home, url] = [this.#home, this.url];
    try {
      return await refreshRevocations({ home, url, nowMs: Date.now(), atMostEveryMs: REVOCATIONS_EVERY_MS, ask });
    } catch (error) {
      if (!(error instanceof EbpmError) || REFUSALS.includes(error.code)) throw error;
      return (await knownRevocations(home, url))?.list;
    }
  }

  async #see({ note, since, key }: ArrivedHead): Promise<void> {
    const pin = await this.#read();
    if (pin === undefined) {
      const first = await key();
      return this.#keep({ url: this.url, key: first, head: openCheckpoint(note, parseNoteKey(first)) });
    }
    const seen = this.#verified?.note === note ? this.#verified.head : await this.#open(note, pin, key);
    this.#verified = { note, head: seen };
    if (since !== undefined) refuseBehind(seen, since);
    refuseOther(seen, pin.head);
    if (seen.seq > pin.head.seq) await this.#keep({ ...pin, head: seen });
  }

  /** A signature that is not the pinned key's is another key's, or a forgery. */
  async #open(note: string, pin: LogPin, key: () => Promise<string>): Promise<Checkpoint> {
    try {
      return openCheckpoint(note, parseNoteKey(pin.key));
    } catch (error) {
      if (!(error instanceof EbpmError) || error.code !== 'EBPM_NOTE_INVALID') throw error;
      const now = await key();
      if (now === pin.key) throw error;
      throw keyChanged(pin, now);
    }
  }

  async #keep(pin: LogPin): Promise<void> {
    this.#pin = pin;
    try {
      await this.#pins.write(pin);
    } catch (error) {
      // Who cannot write installs nothing either, and still may look at what there is.
      if (!(error instanceof EbpmError) || error.code !== 'EBPM_STORE_UNWRITABLE') throw error;
    }
  }

  async #read(): Promise<LogPin | undefined> {
    if (!this.#isRead) {
      const pin = await this.#pins.read(this.url);
      this.#pin ??= pin;
      this.#isRead = true;
    }
    return this.#pin;
  }
}

/** What is no want of an answer, but a lie or a damage. */
const REFUSALS: readonly string[] = [
  'EBPM_REVOCATIONS_OLD',
  'EBPM_REGISTRY_FORKED',
  'EBPM_NOTE_INVALID',
  'EBPM_TRUST_UNUSABLE',
  'EBPM_STORE_UNWRITABLE',
];

function keyChanged({ url, key }: LogPin, now: string): EbpmError {
  return new EbpmError(
    'EBPM_REGISTRY_KEY_CHANGED',
    `Cannot use "${url}": its log is signed with the key "${now}", and was with "${key}" when it was used first`,
    {
      hint: `Ask whoever runs it whether the key was changed. If it was, begin anew with it: ebpm trust forget ${url}`,
      data: { key: now, pinned: key },
    },
  );
}
