import { EbpmError } from '@ebpm/formats';
import type { ApiChange } from '@ebpm/schemas';
import type { Clock } from '../clock.js';
import { formatPlace, parsePlace } from '../feed/change.js';
import type { ChangeFeed } from '../feed/change-feed.js';
import { WEBHOOK_LIMITS } from '../limits.js';
import type { Outbound } from '../outbound.js';
import type { DeliveryNotes, DeliveryState, DeliveryStates } from './delivery-notes.js';
import { isAbout, type Webhook, webhookMessage } from './webhook.js';
import type { WebhookBook } from './webhook-book.js';

/** What deliveries are made with. */
export interface DeliveriesOptions {
  readonly book: WebhookBook;
  readonly notes: DeliveryNotes;
  readonly feed: ChangeFeed;
  readonly outbound: Outbound;
  readonly clock: Clock;
  /** Whether the owner of a webhook may read a package, at the moment. */
  readonly mayRead: (owner: string, name: string) => boolean;
}

/**
 * Tells webhooks of changes, each in the order of the log, and again after a failure until it arrives or was tried for hours. One process of
 * a registry does it; what it delivered right before it was killed is delivered again by the next one, so that a receiver gets every change
 * at least once, and knows it by `ebpm-delivery`.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #closing = new AbortController();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #notBeforeMs = new Map<string, number>();
  #states: Record<string, DeliveryState> = {};
  #isHolder = false;
  #isNews = false;
  #notedMs = 0;
  #loop: Promise<void> | undefined;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** Begins to deliver whenever no other process does. */
  start(): void {
    this.#loop ??= this.#run();
  }

  /** How deliveries stand, as far as whoever delivers has noted it. */
  async states(): Promise<DeliveryStates> {
    return this.#isHolder ? this.#states : (await this.#options.notes.read()).states;
  }

  /** Lets others go on. Safe to call twice. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#loop;
    await this.idle();
    if (this.#isHolder) await this.#options.notes.leave(this.#states).catch(() => undefined);
    this.#isHolder = false;
  }

  /** Resolves when nothing is being delivered. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  /** One look at what there is to do. @returns how long nothing new can be to do, unless something happens */
  async turn(): Promise<number> {
    const { book, notes, clock } = this.#options;
    const webhooks = await book.recent();
    if (webhooks.length === 0) return WEBHOOK_LIMITS.listMs;
    if (!this.#isHolder) {
      const states = await notes.take();
      if (states === undefined) return WEBHOOK_LIMITS.lookMs;
      this.#isHolder = true;
      this.#states = { ...states };
      this.#notedMs = clock.elapsedMs();
    }
    await this.#note(webhooks);
    if (this.#isHolder) for (const webhook of webhooks) this.#begin(webhook);
    return WEBHOOK_LIMITS.noteSoonMs;
  }

  async #run(): Promise<void> {
    const { feed, clock } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // A store that does not answer is asked again.
      const pauseMs = await this.turn().catch(() => WEBHOOK_LIMITS.lookMs);
      if (this.#isHolder) await feed.nextEntry(AbortSignal.any([signal, AbortSignal.timeout(pauseMs)]));
      else await clock.sleep(pauseMs, signal);
    }
  }

  async #note(webhooks: readonly Webhook[]): Promise<void> {
    const { notes, clock } = this.#options;
    const sinceMs = clock.elapsedMs() - this.#notedMs;
    if (sinceMs < (this.#isNews ? WEBHOOK_LIMITS.noteSoonMs : WEBHOOK_LIMITS.noteMs)) return;
    const ids = new Set(webhooks.map(({ id }) => id));
    for (const id of Object.keys(this.#states)) if (!ids.has(id)) delete this.#states[id];
    this.#isHolder = await notes.note(this.#states);
    this.#isNews = false;
    this.#notedMs = clock.elapsedMs();
  }

  #begin(webhook: Webhook): void {
    const { id } = webhook;
    if (this.#underWay.has(id) || (this.#notBeforeMs.get(id) ?? 0) > this.#options.clock.elapsedMs()) return;
    const work = this.#deliver(webhook)
      .catch(() => undefined)
      .finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, work);
  }

  /** Delivers what there is, until it fails or nothing is left. */
  async #deliver(webhook: Webhook): Promise<void> {
    const { feed, mayRead } = this.#options;
    const { id, owner } = webhook;
    for (let isEnd = false; !isEnd && this.#isHolder && !this.#closing.signal.aborted; ) {
      const state = this.#states[id] ?? { after: webhook.after, failures: 0 };
      const after = parsePlace(state.after);
      const page = await feed.read({
        after,
        limit: WEBHOOK_LIMITS.changes,
        mayRead: (name) => isAbout(webhook, name) && mayRead(owner, name),
      });
      for (const { told } of page.changes) if (!(await this.#send(webhook, told))) return;
      isEnd = page.isEnd;
      const next = formatPlace(page.next);
      const reached = this.#states[id] ?? state;
      if (next !== reached.after) this.#put(id, { ...reached, after: next });
    }
  }

  /** @returns whether the next change can be sent */
  async #send(webhook: Webhook, change: ApiChange): Promise<boolean> {
    const { book, clock } = this.#options;
    const { id } = webhook;
    const outcome = await this.#post(webhook, change);
    if (!this.#isHolder || this.#closing.signal.aborted) return false;
    const before = this.#states[id] ?? { after: webhook.after, failures: 0 };
    const at = new Date(clock.nowMs()).toISOString();
    const failures = /^2\d\d$/.test(outcome) ? 0 : before.failures + 1;
    if (outcome === '410') {
      await book.remove(id);
      return false;
    }
    const isDone = failures === 0 || failures >= WEBHOOK_LIMITS.attempts;
    this.#put(id, { after: isDone ? change.id : before.after, failures: isDone ? 0 : failures, at, outcome });
    if (isDone) return true;
    const pauseMs = Math.min(WEBHOOK_LIMITS.longestPauseMs, WEBHOOK_LIMITS.firstPauseMs * 2 ** (failures - 1));
    this.#notBeforeMs.set(id, clock.elapsedMs() + pauseMs);
    return false;
  }

  /** @returns the status, or why there was none */
  async #post(webhook: Webhook, change: ApiChange): Promise<string> {
    const { outbound, clock } = this.#options;
    try {
      const { status } = await outbound.send({
        ...webhookMessage(webhook, change, clock.nowMs()),
        method: 'POST',
        url: webhook.url,
        maxBytes: WEBHOOK_LIMITS.answerSizeBytes,
        timeoutMs: WEBHOOK_LIMITS.timeoutMs,
        signal: this.#closing.signal,
      });
      return String(status);
    } catch (error) {
      if (error instanceof EbpmError) return error.message;
      throw error;
    }
  }

  #put(id: string, state: DeliveryState): void {
    this.#states[id] = state;
    this.#isNews = true;
  }
}
