import type { OutputKind } from './stream.js';

/** Takes output, bytes or text. */
type Write = (chunk: Uint8Array | string) => void;

/**
 * Gives each of several streams a `write` of its own, so that their output can be told apart. In JSON each line begins with the name of its
 * map. Elsewhere the header of a stream, which is the text that it writes, stands before its rows whenever another stream wrote last.
 */
export function takeTurns(output: OutputKind, write: Write): (name: string) => Write {
  let last: string | undefined;
  return (name) => {
    if (output === 'json') return (chunk) => write(labelled(name, chunk));
    let header = '';
    return (chunk) => {
      if (typeof chunk === 'string') {
        header = chunk;
        return;
      }
      if (last !== name && header !== '') write(header);
      last = name;
      write(chunk);
    };
  };
}

/** No line of JSON has a newline inside. Where a field is called `map` already, the name is in `map_`. */
function labelled(name: string, chunk: Uint8Array | string): string {
  const text = typeof chunk === 'string' ? chunk : TEXT.decode(chunk);
  const key = text.includes('"map":') ? 'map_' : 'map';
  return text.replace(/^\{/gm, () => `{${JSON.stringify(key)}:${JSON.stringify(name)},`);
}

const TEXT = new TextDecoder();
