import { closeSync } from 'node:fs';
import { receiveFrame, sendFrame, socketPair, waitReadable } from '@ebpm/loader';
import { engine, type WasmImports, type WasmValue } from '../../src/engine.js';
import { BrokerLink } from '../../src/guest/broker-link.js';
import { decodeMessage, encodeMessage } from '../../src/guest/message.js';
import type { BrokerAnswer } from '../../src/guest/protocol.js';
import { ShownEvents } from '../../src/guest/shown-events.js';
import { GuestMemory } from '../../src/guest-memory.js';
import { type EmitOptions, Emitter } from '../../src/wasm-bpf/emitter.js';
import { GuestObjects } from '../../src/wasm-bpf/guest-objects.js';
import { wasmBpfImports } from '../../src/wasm-bpf/wasm-bpf-imports.js';
import { MemoryObject } from './memory-object.js';

export const PAGE = 65536;

/** How the guest is run. */
export interface WasmBpfGuestOptions {
  /** `--max-events`. */
  readonly maxEvents?: number;
  /** Whether its module imports `emit`. */
  readonly emits?: boolean;
  readonly printing?: EmitOptions['printing'];
  readonly possibleCpus?: number;
  /** Its export `go-callback`. */
  readonly goCallback?: unknown;
}

/** The functions of wasm-bpf and ebpm as a guest calls them, with a page of memory, and objects that are in no kernel. */
export class WasmBpfGuest {
  readonly memory = new GuestMemory();
  readonly shown: ShownEvents;
  readonly emitter: Emitter;
  readonly told: string[] = [];
  stdout = '';
  /** What the broker has loaded last. */
  object: MemoryObject | undefined;
  readonly imports: WasmImports;
  readonly link: BrokerLink;
  readonly #broker: number;
  readonly #descriptors: number[];

  constructor(options: WasmBpfGuestOptions = {}) {
    this.memory.bind(new engine.Memory({ initial: 1 }));
    const [broker, own] = socketPair();
    this.#broker = broker;
    this.#descriptors = [broker, own];
    const link = new BrokerLink(own);
    this.link = link;
    this.shown = new ShownEvents(options.maxEvents ?? null);
    this.emitter = new Emitter({
      kind: 'json',
      printing: options.printing ?? {},
      shown: this.shown,
      write: (chunk) => {
        this.stdout += Buffer.from(chunk).toString();
      },
    });
    let loaded = 0;
    this.imports = wasmBpfImports({
      memory: this.memory,
      objects: new GuestObjects(),
      kernel: {
        load: () => {
          loaded += 1;
          this.object = new MemoryObject(loaded, link);
          return this.object;
        },
      },
      emitter: this.emitter,
      possibleCpus: options.possibleCpus ?? 2,
      link,
      given: options.emits === true ? undefined : this.shown,
      exports: () => ({ table: undefined, goCallback: options.goCallback }),
      folderOf: () => undefined,
      tell: (message) => void this.told.push(message),
    });
  }

  /** @throws what the function throws, as it would unwind a guest */
  call(module: 'wasm_bpf' | 'callback-wrapper' | 'ebpm', name: string, ...args: readonly WasmValue[]) {
    return this.imports[module]?.[name]?.(...(args as never[]));
  }

  /** Puts bytes, or a text with its end, where they do not overlap with others below `at + 8192`; their place. */
  put(at: number, what: string | Uint8Array): number {
    this.memory.write(at, typeof what === 'string' ? Buffer.from(`${what}\0`) : what);
    return at;
  }

  /** Loads an object of these bytes; its number. */
  load(bytes: Uint8Array = new Uint8Array(8)): bigint {
    return this.call('wasm_bpf', 'wasm_load_bpf_object', this.put(8192, bytes), bytes.length) as bigint;
  }

  /** What the broker will say to the next call. */
  answer(what: BrokerAnswer): void {
    sendFrame(this.#broker, encodeMessage(what), []);
  }

  /** What the broker was asked since the last time. */
  asked(): readonly unknown[] {
    const found: unknown[] = [];
    while (waitReadable(this.#broker, 0)) {
      found.push(decodeMessage(receiveFrame(this.#broker)?.bytes ?? new Uint8Array())?.header);
    }
    return found;
  }

  /** Safe to call twice. */
  close(): void {
    for (const fd of this.#descriptors.splice(0)) closeSync(fd);
  }
}
