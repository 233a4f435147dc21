/**
 * What the programs of an object send to their event maps, as far as their instructions prove it: how many bytes, and whether it
 * is the value of a map. That is what the type of an event can be found by, which BTF itself does not tie to a ring buffer.
 *
 * Each section's instructions are walked along their jumps with what is known of the registers: a constant, a map, or a pointer to a
 * map's value. Where paths meet, only what all of them agree on stays known; so what is said is so on every path.
 *
 *     instruction: u8 opcode | u4 source u4 destination | s16 offset | s32 immediate
 *
 * @see https://www.kernel.org/doc/html/v6.12/bpf/standardization/instruction-set.html
 */
import type { BpfMap } from './bpf-object.js';
import { viewOf } from './data-view.js';
import { type ElfFile, type ElfSection, EXECUTABLE, SECTION_TYPE } from './elf-file.js';
import { OUTPUT_MAX_INSTRUCTIONS } from './limits.js';
import { readElf } from './read-elf.js';

/** A place where a program sends a record. */
export interface OutputCall {
  /** The map that it is sent to. */
  readonly map: string;
  /** Undefined where the size is not the same each time. */
  readonly sizeBytes: number | undefined;
  /** The map whose value is sent, where it is one. */
  readonly fromMap: string | undefined;
}

/**
 * The calls that send to a map which is known there; empty for code that is too large to be looked at.
 * @param bytes of an object that `readObject` has taken
 */
export function outputCalls(bytes: Uint8Array, maps: readonly BpfMap[]): readonly OutputCall[] {
  const elf = readElf(bytes);
  const code = elf.sections.filter((section) => (section.flags & EXECUTABLE) !== 0 && section.sizeBytes > 0);
  const instructions = code.reduce((sum, { sizeBytes }) => sum + sizeBytes / INSTRUCTION_BYTES, 0);
  if (instructions > OUTPUT_MAX_INSTRUCTIONS) return [];
  return code.flatMap((section) => new CodeWalk(elf, section, maps).calls());
}

/** What is known of a register: `c:40`, `m:events`, `v:heap`; undefined where nothing is. */
type Known = string | undefined;

const REGISTERS = 11;
const INSTRUCTION_BYTES = 8;
const CALL = 0x85;
const EXIT = 0x95;
const LOAD_64 = 0x18;

/** Helpers by number, with the registers of their map, size and data; bpf_ringbuf_reserve hands out the data itself. */
const OUTPUTS: ReadonlyMap<number, { readonly map: number; readonly size: number; readonly data?: number }> = new Map([
  [25, { map: 2, size: 5, data: 4 }], // bpf_perf_event_output
  [111, { map: 2, size: 5, data: 4 }], // bpf_skb_output
  [121, { map: 2, size: 5, data: 4 }], // bpf_xdp_output
  [130, { map: 1, size: 3, data: 2 }], // bpf_ringbuf_output
  [131, { map: 1, size: 2 }], // bpf_ringbuf_reserve
  [198, { map: 1, size: 2 }], // bpf_ringbuf_reserve_dynptr
]);

/** bpf_map_lookup_elem and bpf_map_lookup_percpu_elem. */
const LOOKUPS: ReadonlySet<number> = new Set([1, 195]);

class CodeWalk {
  readonly #view: DataView;
  readonly #count: number;
  readonly #mapAt: ReadonlyMap<number, string>;
  readonly #entries: readonly number[];
  /** What is known before each instruction; undefined where no path has come yet. */
  readonly #states: (readonly Known[] | undefined)[] = [];
  readonly #waiting: number[] = [];

  constructor(elf: ElfFile, section: ElfSection, maps: readonly BpfMap[]) {
    const names = new Map(maps.map(({ offsetBytes, name }) => [offsetBytes, name]));
    const home = elf.sections.find((candidate) => candidate.name === '.maps' && candidate.type !== SECTION_TYPE.null);
    this.#view = viewOf(section.bytes ?? new Uint8Array());
    this.#count = Math.floor(this.#view.byteLength / INSTRUCTION_BYTES);
    this.#mapAt = new Map(
      elf.relocationsOf(section).flatMap(({ offsetBytes, symbol }): [number, string][] => {
        const name = symbol.sectionIndex === home?.index ? names.get(symbol.valueBytes) : undefined;
        return name === undefined ? [] : [[offsetBytes / INSTRUCTION_BYTES, name]];
      }),
    );
    const functions = elf.symbolsOf(section).filter(({ type }) => type === 'func');
    this.#entries = [0, ...functions.map(({ valueBytes }) => Math.floor(valueBytes / INSTRUCTION_BYTES))];
  }

  calls(): readonly OutputCall[] {
    if (this.#mapAt.size === 0) return [];
    for (const entry of this.#entries) this.#meet(entry, Array(REGISTERS).fill(undefined));
    // It ends: each time that an instruction is met again, less is known before it.
    for (let at = this.#waiting.pop(); at !== undefined; at = this.#waiting.pop()) this.#step(at);
    return this.#states.flatMap((state, at) => (state === undefined ? [] : this.#outputAt(at, state)));
  }

  #meet(at: number, state: readonly Known[]): void {
    if (at < 0 || at >= this.#count) return;
    const before = this.#states[at];
    const after =
      before === undefined ? state : before.map((known, register) => (known === state[register] ? known : undefined));
    if (before?.every((known, register) => known === after[register]) === true) return;
    this.#states[at] = after;
    this.#waiting.push(at);
  }

  #step(at: number): void {
    const opcode = this.#opcode(at);
    const state = [...(this.#states[at] ?? [])];
    const kind = opcode & 0x07;
    // Jumps; calls and exits are among them by their number.
    if ((kind === 5 || kind === 6) && opcode !== CALL) {
      if (opcode === EXIT) return;
      const isFar = opcode === 0x06;
      const isAlways = opcode === 0x05 || isFar;
      this.#meet(at + 1 + (isFar ? this.#immediate(at) : this.#view.getInt16(at * INSTRUCTION_BYTES + 2, true)), state);
      if (!isAlways) this.#meet(at + 1, state);
      return;
    }
    this.#apply(at, opcode, state);
    this.#meet(at + (opcode === LOAD_64 ? 2 : 1), state);
  }

  #apply(at: number, opcode: number, state: Known[]): void {
    const registers = this.#view.getUint8(at * INSTRUCTION_BYTES + 1);
    const to = registers & 0xf;
    const from = registers >>> 4;
    if (opcode === CALL) {
      const looked = from === 0 && LOOKUPS.has(this.#immediate(at)) ? state[1] : undefined;
      state.fill(undefined, 0, 6);
      if (looked?.startsWith('m:')) state[0] = `v:${looked.slice(2)}`;
      return;
    }
    switch (opcode & 0x07) {
      case 0:
      case 1:
        state[to] = this.#loaded(at, opcode);
        // The old packet loads answer in register 0 and use up 1 to 5.
        if ((opcode & 0x07) === 0 && opcode !== LOAD_64) state.fill(undefined, 0, 6);
        return;
      case 3:
        // An atomic operation may fetch into its source, or into register 0.
        if (opcode >>> 5 === 6) {
          state[from] = undefined;
          state[0] = undefined;
        }
        return;
      case 4:
      case 7:
        state[to] = this.#computed(at, opcode, state[from]);
        return;
      default:
    }
  }

  #loaded(at: number, opcode: number): Known {
    if (opcode !== LOAD_64) return undefined;
    const map = this.#mapAt.get(at);
    return map === undefined ? undefined : `m:${map}`;
  }

  /** Of arithmetic, only moves leave something known. */
  #computed(at: number, opcode: number, source: Known): Known {
    const isMoveWithoutSign = this.#view.getInt16(at * INSTRUCTION_BYTES + 2, true) === 0;
    if (opcode === 0xb7 || opcode === 0xb4) return `c:${this.#immediate(at)}`;
    return (opcode === 0xbf || opcode === 0xbc) && isMoveWithoutSign ? source : undefined;
  }

  #outputAt(at: number, state: readonly Known[]): readonly OutputCall[] {
    const isHelper = this.#opcode(at) === CALL && this.#view.getUint8(at * INSTRUCTION_BYTES + 1) === 0;
    const output = isHelper ? OUTPUTS.get(this.#immediate(at)) : undefined;
    const map = output === undefined ? undefined : state[output.map];
    if (output === undefined || !map?.startsWith('m:')) return [];
    const size = state[output.size];
    const data = output.data === undefined ? undefined : state[output.data];
    return [
      {
        map: map.slice(2),
        sizeBytes: size?.startsWith('c:') ? Number(size.slice(2)) : undefined,
        fromMap: data?.startsWith('v:') ? data.slice(2) : undefined,
      },
    ];
  }

  #opcode(at: number): number {
    return this.#view.getUint8(at * INSTRUCTION_BYTES);
  }

  #immediate(at: number): number {
    return this.#view.getInt32(at * INSTRUCTION_BYTES + 4, true);
  }
}
