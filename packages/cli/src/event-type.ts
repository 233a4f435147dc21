import { EbpmError } from '@ebpm/formats';
import type { EventTypeChoice } from '@ebpm/runner';

/** Reads a choice. @throws EBPM_USAGE_INVALID */
export function parseEventType(text: string): EventTypeChoice {
  const [, map, struct] = /^(?:([^=]+)=)?(?:struct )?([A-Za-z_][A-Za-z0-9_]*)$/.exec(text) ?? [];
  if (struct !== undefined) return { map, struct };
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot read "${text}" as an event type: wanted [MAP=]STRUCT`, {
    hint: 'Write the name of a struct, such as event, or of a map and a struct, such as events=event',
  });
}

/** The same words again, for a command line that is handed on. */
export function eventTypeWords(choices: readonly EventTypeChoice[]): readonly string[] {
  return choices.flatMap(({ map, struct }) => ['--event-type', map === undefined ? struct : `${map}=${struct}`]);
}
