// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): for each change its place as the id, its type as the
// event, its JSON as the data. A client that was cut off sends the last id and misses nothing.

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { OperationPlace } from '../fold/operation-place.js';
import { FEED_LIMITS } from '../limits.js';
import type { Change } from './change.js';
import type { ChangeFeed, ChangeRequest } from './change-feed.js';

/** What one client is sent, and when it ends. */
export interface EventStreamOptions extends Pick<ChangeRequest, 'after' | 'mayRead'> {
  readonly feed: ChangeFeed;
  /** The head is sent already. */
  readonly response: ServerResponse;
  /** Ends the stream: the client has gone, or the server closes. */
  readonly signal: AbortSignal;
}

/** Sends changes as they come until the signal aborts or the client stops to read. */
export async function sendEvents({ feed, response, signal, ...request }: EventStreamOptions): Promise<void> {
  let after: OperationPlace = request.after;
  let quiet = '';
  while (!signal.aborted) {
    // Whoever is called before the read misses nothing that comes after it.
    const waiting = new AbortController();
    const next = feed.nextEntry(AbortSignal.any([signal, waiting.signal, AbortSignal.timeout(FEED_LIMITS.beatMs)]));
    const page = await feed.read({ ...request, after, limit: FEED_LIMITS.changes });
    after = page.next;
    if (!(await write(response, page.changes.map(eventText).join('') || quiet, signal))) return;
    if (!page.isEnd) {
      waiting.abort();
      continue;
    }
    await next;
    // A comment keeps proxies from taking a quiet stream for a dead one.
    quiet = ':\n\n';
  }
}

function eventText({ told }: Change): string {
  return `id: ${told.id}\nevent: ${told.type}\ndata: ${JSON.stringify(told)}\n\n`;
}

/** @returns false when the client does not take it in time: it can come back and go on where it was */
async function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<boolean> {
  if (text === '' || response.write(text)) return true;
  try {
    await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(FEED_LIMITS.drainMs)]) });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return false;
    throw error;
  }
}
