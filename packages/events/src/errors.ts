import type { ErrorTable } from '@ebpm/formats';

/** What can go wrong before the first event is printed: the event's type is not one that has a text. */
export const EVENTS_ERRORS = {
  EBPM_EVENT_TYPE_UNSUPPORTED: { exit: 1, meaning: 'a field of the event has a type that has no value to print' },
  EBPM_EVENT_TYPE_INVALID: { exit: 1, meaning: 'the description of the event contradicts itself' },
  EBPM_EVENT_TYPE_TOO_LARGE: { exit: 1, meaning: 'the event has more bytes, fields or text than ebpm accepts' },
} as const satisfies ErrorTable;
