// Who delivers, and how far he is. Notes are numbered and made with a conditional create, so that of those who want to write note n+1 one
// succeeds. Whoever wrote the last note delivers, as long as he goes on writing; the others watch its number, and when it has stood
// still for 40 s by their own clocks, one of them writes the next. No clock is compared with another one.

import type { Clock } from '../clock.js';
import { isObject } from '../fold/field-checks.js';
import { WEBHOOK_LIMITS } from '../limits.js';
import { parseJson } from '../parse-json.js';
import { type DeliveryKey, deliveryKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';

/** How the deliveries to a webhook stand. */
export interface DeliveryState {
  /** Everything up to this place in the log was delivered or given up. */
  readonly after: string;
  /** Failures in a row; 0: the last message arrived. */
  readonly failures: number;
  /** Of the last attempt: RFC 3339. */
  readonly at?: string;
  /** What came of it: a status, or why there was none. */
  readonly outcome?: string;
}

/** States by the webhook's id. */
export type DeliveryStates = Readonly<Record<string, DeliveryState>>;

interface Note {
  readonly n: number;
  /** Undefined: whoever delivered has ended. */
  readonly holder: string | undefined;
  readonly states: DeliveryStates;
}

const NONE: Note = { n: 0, holder: undefined, states: {} };

/** The notes, as one process reads and writes them. */
export class DeliveryNotes {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #self: string;
  #last: Note = NONE;
  /** Since when, by this process's clock, the last note has stood. */
  #sinceMs = 0;

  constructor(store: Store, clock: Clock, self: string) {
    this.#store = store;
    this.#clock = clock;
    this.#self = self;
  }

  /** Looks who delivers, and takes it over when nobody does. @returns how things stood, if this process is to go on from there */
  async take(): Promise<DeliveryStates | undefined> {
    const { n, holder, states } = await this.read();
    const isFree = holder === undefined || this.#clock.elapsedMs() - this.#sinceMs > WEBHOOK_LIMITS.leaseMs;
    if (holder !== this.#self && !isFree) return undefined;
    return (await this.#write({ n: n + 1, holder: this.#self, states })) ? states : undefined;
  }

  /** Notes how far this process is. @returns false when another one has taken over */
  async note(states: DeliveryStates): Promise<boolean> {
    const { n, holder } = this.#last;
    if (holder !== this.#self) return false;
    return this.#write({ n: n + 1, holder: this.#self, states });
  }

  /** Notes that this process ends, so that another one need not wait. */
  async leave(states: DeliveryStates): Promise<void> {
    if (this.#last.holder === this.#self) await this.#write({ n: this.#last.n + 1, holder: undefined, states });
  }

  /** The last note. */
  async read(): Promise<Note> {
    const keys = await this.#store.list('deliveries/', this.#last.n > 0 ? { after: deliveryKey(this.#last.n) } : {});
    const newest = keys.at(-1) as DeliveryKey | undefined;
    const note = newest && (await this.#get(newest));
    if (note !== undefined) this.#see(note);
    return this.#last;
  }

  async #write({ n, holder, states }: Note): Promise<boolean> {
    const key = deliveryKey(n);
    const bytes = Buffer.from(JSON.stringify({ v: 1, ...(holder !== undefined && { holder }), states }));
    const answer = await this.#store.create(key, bytes).catch(() => 'exists' as const);
    // Also after an answer that says nothing: what stands there says who wrote it.
    const note = answer === 'created' ? { n, holder, states } : await this.#get(key);
    if (note === undefined) return false;
    this.#see(note);
    if (note.holder === this.#self && n > WEBHOOK_LIMITS.notesKept) {
      await this.#store.remove(deliveryKey(n - WEBHOOK_LIMITS.notesKept)).catch(() => undefined);
    }
    return note.holder === holder;
  }

  async #get(key: DeliveryKey): Promise<Note | undefined> {
    const bytes = await this.#store.get(key);
    if (bytes === undefined) return undefined;
    const note = parseJson(bytes);
    if (!isObject(note)) return undefined;
    const { holder, states } = note;
    return {
      n: Number(key.slice(key.lastIndexOf('/') + 1)),
      holder: typeof holder === 'string' ? holder : undefined,
      states: isObject(states) ? (states as DeliveryStates) : {},
    };
  }

  #see(note: Note): void {
    if (note.n <= this.#last.n) return;
    this.#last = note;
    this.#sinceMs = this.#clock.elapsedMs();
  }
}
