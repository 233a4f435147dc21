import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiChange, ApiChanges } from '@ebpm/schemas';
import { CHANGES_PAUSE_MS } from './limits.js';

/** From where on changes are wanted, and until when. */
export interface FollowRequest {
  /** `next` of an answer, or `id` of a change; default: from the beginning of the log. */
  readonly after?: string | undefined;
  /** Between two questions while nothing is new, in milliseconds; default 2,000. */
  readonly pauseMs?: number | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** Changes one after another, those of the future too: it asks for the next ones again and again. */
export async function* followChanges(
  read: (after: string | undefined) => Promise<ApiChanges>,
  { after, pauseMs = CHANGES_PAUSE_MS, signal }: FollowRequest,
): AsyncGenerator<ApiChange, void> {
  for (let place = after; signal?.aborted !== true; ) {
    const { changes, next, isEnd } = await read(place);
    yield* changes;
    place = next;
    if (isEnd) await pause(pauseMs, signal);
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
