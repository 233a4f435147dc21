import type { StackFrame, StackOf, Symbolizer } from '@ebpm/events';
import type { EbpmError } from '@ebpm/formats';
import { MAX_RECORDED_SYMBOLS_BYTES } from '../limits.js';

/** What names the addresses of a recording, and the stacks that its records refer to, as far as it has been read. */
export class RecordedSymbols implements Symbolizer {
  readonly #names = new Map<string, StackFrame>();
  readonly #stacks = new Map<string, Uint8Array>();
  #bytes = 0;

  /** Takes a frame, which may come from anybody; `json` is undefined where it is none. */
  add(json: Readonly<Record<string, unknown>> | undefined, sizeBytes: number, damaged: (reason: string) => EbpmError) {
    if (json === undefined) throw damaged('names of functions are damaged');
    if (json['forget'] === true) this.#forget();
    this.#bytes += sizeBytes;
    if (this.#bytes > MAX_RECORDED_SYMBOLS_BYTES) throw damaged('it has too many names of functions');
    for (const item of listOf(json['names']))
      if (!this.#addName(item)) throw damaged('a name of a function is damaged');
    for (const item of listOf(json['stacks'])) if (!this.#addStack(item)) throw damaged('a stack is damaged');
  }

  kernel(addresses: readonly bigint[]): readonly StackFrame[] {
    return addresses.map((address) => this.#names.get(` ${address}`) ?? { address });
  }

  user(pid: number, addresses: readonly bigint[]): readonly StackFrame[] {
    return addresses.map((address) => this.#names.get(`${pid} ${address}`) ?? { address });
  }

  /** The stacks that the records of a stream refer to. */
  stackOf(stream: number): StackOf {
    return (number, field) => this.#stacks.get(`${stream} ${field} ${number}`);
  }

  #forget(): void {
    this.#names.clear();
    this.#stacks.clear();
    this.#bytes = 0;
  }

  #addName({ pid, address, symbol, offset, module }: Readonly<Record<string, unknown>>): boolean {
    const isSound =
      isAbsentOr(Number.isSafeInteger, pid) &&
      typeof address === 'string' &&
      /^0x[0-9a-f]{1,16}$/.test(address) &&
      isAbsentOr(isText, symbol) &&
      isAbsentOr(Number.isSafeInteger, offset) &&
      isAbsentOr(isText, module);
    if (!isSound) return false;
    const frame = { address: BigInt(address), symbol, offsetBytes: offset, module } as StackFrame;
    this.#names.set(`${pid ?? ''} ${frame.address}`, frame);
    return true;
  }

  #addStack({ stream, field, number, addresses }: Readonly<Record<string, unknown>>): boolean {
    if (typeof addresses !== 'string' || !isText(field) || !Number.isSafeInteger(stream)) return false;
    if (!Number.isSafeInteger(number)) return false;
    this.#stacks.set(`${stream} ${field} ${number}`, Uint8Array.from(Buffer.from(addresses, 'base64')));
    return true;
  }
}

/** The objects of a list; of what is none, an empty one that no check lets pass. */
function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [{}];
  return value.map((item: unknown) => (typeof item === 'object' && item !== null ? { ...item } : {}));
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isAbsentOr(check: (value: unknown) => boolean, value: unknown): boolean {
  return value === undefined || check(value);
}
