import { EbpmError } from '@ebpm/formats';
import type { LoadedObject, RefusalCounter } from '@ebpm/loader';

/** What counts an object's refusals, if it has maps that refuse; or why they cannot be counted here. */
export interface CountedRefusals {
  readonly counter?: RefusalCounter | undefined;
  readonly uncountable?: string;
}

/** Begins to count what an object's maps refuse; that this cannot be done is no reason not to run it. */
export function tryCountRefusals(loaded: LoadedObject): CountedRefusals {
  try {
    return { counter: loaded.countRefusals() };
  } catch (error) {
    if (!(error instanceof EbpmError)) throw error;
    return { uncountable: String(error.data?.['reason'] ?? error.message) };
  }
}
