import { KALLSYMS_MAX_BYTES, KALLSYMS_MAX_SYMBOLS, KERNEL_FUNCTION_MAX_BYTES } from '../limits.js';
import { type FoundSymbol, SymbolTable } from './symbol-table.js';

/** A function of the kernel. */
export interface KernelSymbol extends FoundSymbol {
  /** The module that it is in; undefined for the kernel itself. `bpf` for eBPF programs. */
  readonly module: string | undefined;
}

/**
 * The kernel's functions, from the text of /proc/kallsyms: a line has the address in hex, a letter for the type, the name, and the module
 * in brackets. The text is only taken apart when the first address is looked up. Without permission all addresses are 0: then
 * nothing is found.
 *
 * @see https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#kptr-restrict
 */
export class KernelSymbols {
  readonly #text: Uint8Array;
  #table: SymbolTable | undefined;

  /** @param text at most 64 MiB; what is beyond is not looked at */
  constructor(text: Uint8Array) {
    this.#text = text.subarray(0, KALLSYMS_MAX_BYTES);
  }

  find(address: bigint): KernelSymbol | undefined {
    const place = lowBits(address);
    if (place === undefined) return undefined;
    this.#table ??= readTable(this.#text);
    const found = this.#table.find(place, KERNEL_FUNCTION_MAX_BYTES);
    if (found === undefined) return undefined;
    const [name = '', module] = found.name.split(/\s+\[/);
    return { name, offsetBytes: found.offsetBytes, module: module?.replace(/\]$/, '') };
  }
}

/** Kernel addresses have all of the highest 16 bits set; the other 48 fit into a double. */
function lowBits(address: bigint): number | undefined {
  return address >> 48n === 0xffffn ? Number(address & 0xffff_ffff_ffffn) : undefined;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
/** Bytes of an address in hex, as the kernel writes it. */
const ADDRESS_DIGITS = 16;
/** Types of symbols that are code: local and global, weak ones too. */
const CODE: ReadonlySet<number> = new Set(Array.from('tTwW', (letter) => letter.charCodeAt(0)));

function readTable(text: Uint8Array): SymbolTable {
  const starts: number[] = [];
  const names: number[] = [];
  for (let at = 0; at < text.length && starts.length < KALLSYMS_MAX_SYMBOLS; at = lineEnd(text, at) + 1) {
    const type = text[at + ADDRESS_DIGITS + 1] ?? 0;
    if (text[at + ADDRESS_DIGITS] !== SPACE || !CODE.has(type) || !isHigh(text, at)) continue;
    const place = hexNumber(text, at + 4, ADDRESS_DIGITS - 4);
    if (Number.isNaN(place)) continue;
    starts.push(place);
    names.push(at + ADDRESS_DIGITS + 3);
  }
  return new SymbolTable(Float64Array.from(starts), new Float64Array(starts.length), (index) => {
    const from = names[index] ?? 0;
    return TEXT.decode(text.subarray(from, lineEnd(text, from)));
  });
}

const TEXT = new TextDecoder();

function lineEnd(text: Uint8Array, from: number): number {
  const end = text.indexOf(NEWLINE, from);
  return end === -1 ? text.length : end;
}

/** Whether the address begins with ffff. */
function isHigh(text: Uint8Array, at: number): boolean {
  return hexNumber(text, at, 4) === 0xffff;
}

function hexNumber(text: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let index = at; index < at + digits; index += 1) value = value * 16 + hexDigit(text[index] ?? 0);
  return value;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x61 + 10;
  return Number.NaN;
}
