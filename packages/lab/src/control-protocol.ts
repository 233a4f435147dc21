import { EbpmError } from '@ebpm/formats';
import { MAX_CONTROL_LINE_BYTES, MAX_RESULTS_BYTES } from './limits.js';

/*
 * The control channel, lines of ASCII. From the guest, in this order:
 *
 *   ready                      init is done, the command starts
 *   exit CODE                  the command has ended and all of its output has been handed over
 *   result INDEX SIZE          the INDEX-th result file: SIZE bytes follow
 *   missing INDEX              the INDEX-th result file is not there
 *   end                        nothing more comes
 *
 * From the host: `signal NAME`, for the command's process group.
 */

/** One message of the guest. */
export type ControlMessage =
  | { readonly kind: 'ready' | 'end' }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'result'; readonly index: number; readonly bytes: Uint8Array }
  | { readonly kind: 'missing'; readonly index: number };

/** Reads messages out of pieces as they come. */
export interface ControlParser {
  /**
   * Takes the next piece and gives the messages that it completes.
   * @throws EBPM_LAB_PROTOCOL
   */
  push(piece: Uint8Array): readonly ControlMessage[];
}

/** Makes a parser for the guest's side of the control channel; all result files together may have `maxResultsBytes`. */
export function createControlParser(maxResultsBytes = MAX_RESULTS_BYTES): ControlParser {
  let line = '';
  let result: { readonly index: number; readonly bytes: Uint8Array; filled: number } | undefined;
  let resultsBytes = 0;

  const readLine = (): ControlMessage | undefined => {
    const [word, ...numbers] = readWords(line);
    line = '';
    const [first = 0, second = 0] = numbers;
    const shape = `${word} ${numbers.length}`;
    if (shape === 'ready 0' || shape === 'end 0') return { kind: word === 'ready' ? 'ready' : 'end' };
    if (shape === 'exit 1' && first <= 255) return { kind: 'exit', code: first };
    if (shape === 'missing 1') return { kind: 'missing', index: first };
    if (shape !== 'result 2') throw brokenControl(`an unexpected ${JSON.stringify(word)}`);
    resultsBytes += second;
    if (resultsBytes > maxResultsBytes) throw brokenControl(`result files of more than ${maxResultsBytes} bytes`);
    if (second === 0) return { kind: 'result', index: first, bytes: new Uint8Array() };
    result = { index: first, bytes: new Uint8Array(second), filled: 0 };
    return undefined;
  };

  return {
    push(piece) {
      const messages: ControlMessage[] = [];
      for (let at = 0; at < piece.length; ) {
        if (result !== undefined) {
          const { index, bytes } = result;
          const part = piece.subarray(at, at + bytes.length - result.filled);
          bytes.set(part, result.filled);
          result.filled += part.length;
          at += part.length;
          if (result.filled < bytes.length) continue;
          messages.push({ kind: 'result', index, bytes });
          result = undefined;
          continue;
        }
        const newline = piece.indexOf(0x0a, at);
        const stop = newline === -1 ? piece.length : newline;
        if (line.length + stop - at > MAX_CONTROL_LINE_BYTES) throw brokenControl('a line that is too long');
        line += Buffer.from(piece.subarray(at, stop)).toString('latin1');
        at = stop + 1;
        const message = newline === -1 ? undefined : readLine();
        if (message !== undefined) messages.push(message);
      }
      return messages;
    },
  };
}

function readWords(line: string): [word: string, ...numbers: number[]] {
  const [word = '', ...rest] = line.split(' ');
  return [
    word,
    ...rest.map((digits) => {
      // Nine digits: exact as a number, and more than any limit.
      if (!/^\d{1,9}$/.test(digits)) throw brokenControl(`${JSON.stringify(digits)} where a number belongs`);
      return Number(digits);
    }),
  ];
}

/** Makes the error EBPM_LAB_PROTOCOL; `what` says what came. */
export function brokenControl(what: string): EbpmError {
  return new EbpmError('EBPM_LAB_PROTOCOL', `Cannot follow the guest: its control channel brought ${what}`);
}
