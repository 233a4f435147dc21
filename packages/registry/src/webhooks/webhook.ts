import { createHmac } from 'node:crypto';
import type { ApiChange } from '@ebpm/schemas';

/** Somebody who wants to be told of changes. */
export interface Webhook {
  /** 16 hex digits. */
  readonly id: string;
  /** The opaque id of the user whose webhook it is: he is told what he may read. */
  readonly owner: string;
  /** `*`, a scope (`@acme`) or the name of a package. */
  readonly target: string;
  readonly url: string;
  /** Signs what is sent. */
  readonly secret: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** The place in the log after which it is told of changes. */
  readonly after: string;
}

/** Whether a webhook is about a package. */
export function isAbout({ target }: Webhook, name: string): boolean {
  return target === '*' || target === name || (target.startsWith('@') && name.startsWith(`${target}/`));
}

/** What is sent for a change. */
export interface WebhookMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The message about a change. `ebpm-signature` is `t=<seconds since 1970>,v1=<hex>`: the HMAC-SHA-256, by the webhook's secret, of the
 * seconds, a dot and the body, so that an old message cannot be sent again as a new one.
 */
export function webhookMessage({ id, secret }: Webhook, change: ApiChange, nowMs: number): WebhookMessage {
  const body = Buffer.from(JSON.stringify(change));
  const seconds = Math.floor(nowMs / 1000);
  const signature = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
  return {
    headers: {
      'content-type': 'application/json',
      'ebpm-webhook': id,
      'ebpm-event': change.type,
      'ebpm-delivery': `${id}-${change.id}`,
      'ebpm-signature': `t=${seconds},v1=${signature}`,
    },
    body,
  };
}
