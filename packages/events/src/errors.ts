import type { ErrorTable } from '@ebpm/formats';

/** What can go wrong before the first event is printed: the event's type has no text, or what is wanted of it makes no sense. */
export const EVENTS_ERRORS = {
  EBPM_EVENT_TYPE_UNSUPPORTED: { exit: 1, meaning: 'a field of the event has a type that has no value to print' },
  EBPM_EVENT_TYPE_INVALID: { exit: 1, meaning: 'the description of the event contradicts itself' },
  EBPM_EVENT_TYPE_TOO_LARGE: { exit: 1, meaning: 'the event has more bytes, fields or text than ebpm accepts' },
  EBPM_FIELD_UNKNOWN: { exit: 2, meaning: 'the event has no field of that name' },
  EBPM_COLUMNS_INVALID: { exit: 2, meaning: 'the chosen columns are not a list of different fields' },
  EBPM_FILTER_INVALID: { exit: 2, meaning: 'a filter cannot be read, or makes no sense for the event' },
  EBPM_SORT_INVALID: { exit: 2, meaning: 'events cannot be sorted by that field' },
} as const satisfies ErrorTable;
