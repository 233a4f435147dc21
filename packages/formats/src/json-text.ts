/**
 * JSON from outside, as one value that means the same to every reader: sound UTF-8, no key "__proto__" (an assignment of it would
 * change an object's prototype) and, where asked, no key twice (readers differ in which of the two they take).
 */

/** Says why a text cannot be read as JSON. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
}

/** How {@link parseJsonText} reads. */
export interface JsonTextOptions {
  /** Refuses an object that has a key twice. Default false; it costs a second pass over the text. */
  readonly uniqueKeys?: boolean;
}

/**
 * Reads JSON. A byte order mark at the start is skipped.
 * @throws JsonTextError with the reason, to be read after "not JSON: "
 */
export function parseJsonText(input: Uint8Array | string, options: JsonTextOptions = {}): unknown {
  const text = typeof input === 'string' ? input.replace(/^\uFEFF/, '') : decoded(input);
  const value = parsed(text);
  // A key may be written with escapes: of "_" (5f) and of the letters of "proto" (6f to 74).
  const mayHoldProto = /__proto__|\\u00[567]/i.test(text);
  if (mayHoldProto || options.uniqueKeys === true) {
    const counts = keyCounts(value);
    if (counts.has('__proto__')) throw new JsonTextError('the key "__proto__" is not allowed');
    if (options.uniqueKeys === true) refuseRepeatedKeys(text, counts);
  }
  return value;
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new JsonTextError('it is not UTF-8', { cause });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new JsonTextError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** How often each key occurs in a value at any depth. Depth is the sender's choice, so this does not call itself. */
function keyCounts(value: unknown): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const rest = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, child] of Object.entries(next)) {
      if (!Array.isArray(next)) counts.set(key, (counts.get(key) ?? 0) + 1);
      rest.push(child);
    }
  }
  return counts;
}

/** In sound JSON a string before a colon is a key: one that is written more often than the value holds it was repeated. */
function refuseRepeatedKeys(text: string, counts: ReadonlyMap<string, number>): void {
  const written = new Map<string, number>();
  for (const [, string = '', colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    if (colon === undefined) continue;
    const key = String(JSON.parse(string));
    written.set(key, (written.get(key) ?? 0) + 1);
    if ((written.get(key) ?? 0) > (counts.get(key) ?? 0)) {
      throw new JsonTextError(`the key ${JSON.stringify(key)} occurs twice in one object`);
    }
  }
}
