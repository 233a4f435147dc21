/** A field of a tracepoint's record. */
export interface TracepointField {
  readonly name: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/**
 * The fields of a tracepoint, in the order in which they were declared, as its `format` file in tracefs shows them.
 * @see https://docs.kernel.org/trace/events.html#event-formats
 */
export function parseTracepointFormat(text: string): readonly TracepointField[] {
  const lines = text.matchAll(/^\tfield:(.*?)(\w+)(?:\[[^\]]*\])*;\s*offset:(\d+);\s*size:(\d+);/gm);
  return Array.from(lines, ([, , name = '', offset, size]) => ({
    name,
    offsetBytes: Number(offset),
    sizeBytes: Number(size),
  }));
}

/**
 * Where the last field ends: the kernel attaches no program that reads beyond.
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/trace/trace_events.c (trace_event_get_offsets)
 */
export function recordEnd(fields: readonly TracepointField[]): number | undefined {
  const last = fields.at(-1);
  return last === undefined ? undefined : last.offsetBytes + last.sizeBytes;
}
