import { EbpmError } from '@ebpm/formats';
import type { Clock } from '../clock.js';
import { openRecord, sealRecord } from '../keys/sealed-record.js';
import type { ServerKey } from '../keys/server-key.js';
import { WEBHOOK_LIMITS } from '../limits.js';
import type { Random } from '../random.js';
import { registryNowMs } from '../registry-time.js';
import { allKeys } from '../stores/all-keys.js';
import { type WebhookKey, webhookKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import type { Webhook } from './webhook.js';

/** What webhooks are kept with. */
export interface WebhookBookOptions {
  readonly store: Store;
  readonly key: ServerKey;
  readonly clock: Clock;
  readonly random: Random;
}

/** What somebody says of a new webhook. */
export type NewWebhook = Pick<Webhook, 'owner' | 'target' | 'url' | 'after'>;

/** The webhooks of a registry, encrypted in the store: URLs of chat rooms are secrets. One is never changed, only made and removed. */
export class WebhookBook {
  readonly #options: WebhookBookOptions;
  readonly #known = new Map<WebhookKey, Webhook>();
  #listedMs = Number.NEGATIVE_INFINITY;

  constructor(options: WebhookBookOptions) {
    this.#options = options;
  }

  /** @throws EBPM_TOO_MANY */
  async add(wish: NewWebhook): Promise<Webhook> {
    const { store, key, clock, random } = this.#options;
    const all = await this.list();
    const own = all.filter(({ owner }) => owner === wish.owner);
    if (own.length >= WEBHOOK_LIMITS.perUser || all.length >= WEBHOOK_LIMITS.all) throw tooMany(own.length);
    const webhook: Webhook = {
      ...wish,
      id: random.hex(8),
      secret: `ebpm_wh_${random.hex(32)}`,
      createdAt: new Date(registryNowMs({ clock, store })).toISOString(),
    };
    const place = webhookKey(webhook.id);
    await store.create(place, sealRecord(key, place, { ...webhook }));
    this.#known.set(place, webhook);
    return webhook;
  }

  /** All of them. */
  async list(): Promise<Webhook[]> {
    const { store, clock } = this.#options;
    const keys = new Set<WebhookKey>();
    for await (const found of allKeys(store, 'webhooks/')) keys.add(found as WebhookKey);
    for (const known of this.#known.keys()) if (!keys.has(known)) this.#known.delete(known);
    for (const found of keys) if (!this.#known.has(found)) await this.#read(found);
    this.#listedMs = clock.elapsedMs();
    return [...this.#known.values()];
  }

  /** All of them, as they were within the last 10 s. */
  async recent(): Promise<Webhook[]> {
    const isFresh = this.#options.clock.elapsedMs() - this.#listedMs < WEBHOOK_LIMITS.listMs;
    return isFresh ? [...this.#known.values()] : this.list();
  }

  /** Removes a webhook; no error when it is not there. */
  async remove(id: string): Promise<void> {
    const place = webhookKey(id);
    await this.#options.store.remove(place);
    this.#known.delete(place);
  }

  async #read(place: WebhookKey): Promise<void> {
    const bytes = await this.#options.store.get(place);
    if (bytes === undefined) return;
    const record = openRecord(this.#options.key, place, bytes);
    const text = (name: string) => String(record[name] ?? '');
    this.#known.set(place, {
      id: text('id'),
      owner: text('owner'),
      target: text('target'),
      url: text('url'),
      secret: text('secret'),
      createdAt: text('createdAt'),
      after: text('after'),
    });
  }
}

function tooMany(own: number): EbpmError {
  const { perUser, all } = WEBHOOK_LIMITS;
  const reason =
    own >= perUser ? `you have ${own}, the most there can be` : `the registry has ${all}, the most there can be`;
  return new EbpmError('EBPM_TOO_MANY', `Cannot add a webhook: ${reason}`, { hint: 'remove one that nobody needs' });
}
