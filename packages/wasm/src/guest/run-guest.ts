import { randomFillSync } from 'node:crypto';
import type { PrinterKind, PrinterOptions } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import { becomeGuest, type Identity, waitReadable } from '@ebpm/loader';
import type { WasmExports, WasmImports } from '../engine.js';
import { GuestMemory } from '../guest-memory.js';
import { systemClock } from '../wasi/system-clock.js';
import { systemFiles } from '../wasi/system-files.js';
import { wasiImports } from '../wasi/wasi-imports.js';
import { Emitter } from '../wasm-bpf/emitter.js';
import { GuestObjects } from '../wasm-bpf/guest-objects.js';
import { wasmBpfImports } from '../wasm-bpf/wasm-bpf-imports.js';
import { BrokerLink } from './broker-link.js';
import { EndedOnce } from './ended-once.js';
import { endingOf } from './guest-ending.js';
import { GuestKernel } from './guest-kernel.js';
import { compileGuest, exportedMemory, exportedTable, instantiateGuest } from './guest-module.js';
import { GuestOutput } from './guest-output.js';
import { GuestStop } from './guest-stop.js';
import type { GuestStart } from './protocol.js';

/** How the process of a guest is set up. */
export interface GuestProcess {
  /** Its end of the channel to the broker. */
  readonly channel: number;
  /** Who it becomes; undefined: it stays who it is, who is not root. */
  readonly identity: Identity | undefined;
  /** How emitted records are shown, of what the start says. */
  readonly printing: (output: unknown) => { readonly kind: PrinterKind; readonly printing: PrinterOptions };
}

/**
 * Runs a guest in this process from its start to its end, and tells the broker how it ended. Nothing of the guest is looked at before all privileges are gone.
 *
 * @throws EBPM_PRIVILEGES_KEPT
 */
export function runGuest({ channel, identity, printing }: GuestProcess): void {
  becomeGuest(identity);
  const link = new BrokerLink(channel);
  try {
    const { start, module, descriptors } = link.start();
    const guest = new Guest(link, start, { descriptors, ...printing(start.output) });
    link.end({ ...guest.run(module), ...guest.totals() });
  } catch (error) {
    // The broker has ended: nobody is left who wants to know.
    if (!(error instanceof GuestStop)) throw error;
  }
}

interface GuestSurroundings {
  /** Of the folders. */
  readonly descriptors: readonly number[];
  readonly kind: PrinterKind;
  readonly printing: PrinterOptions;
}

/** A guest and what it is given. */
class Guest {
  readonly #memory = new GuestMemory();
  readonly #objects = new GuestObjects();
  readonly #link: BrokerLink;
  readonly #start: GuestStart;
  readonly #surroundings: GuestSurroundings;
  readonly #stdout: GuestOutput;
  readonly #stderr: GuestOutput;
  readonly #emitter: Emitter;
  #exports: WasmExports = {};

  constructor(link: BrokerLink, start: GuestStart, surroundings: GuestSurroundings) {
    this.#link = link;
    this.#start = start;
    this.#surroundings = surroundings;
    const control = link.descriptor;
    this.#stdout = new GuestOutput(1, { isTerminal: process.stdout.isTTY === true, control });
    this.#stderr = new GuestOutput(2, { isTerminal: process.stderr.isTTY === true, control });
    const { kind, printing } = surroundings;
    this.#emitter = new Emitter({ kind, printing, write: (chunk) => this.#stdout.writeSafe(chunk) });
  }

  totals() {
    return { buffers: this.#objects.totals(), emitted: this.#emitter.emitted };
  }

  /** How it ended. */
  run(bytes: Uint8Array): ReturnType<typeof endingOf> {
    const ending = endedBy(() => this.#run(bytes));
    const last = endedBy(() => this.#emitter.close());
    return ending.fault === undefined && last.fault !== undefined ? last : ending;
  }

  #run(bytes: Uint8Array): void {
    const once = new EndedOnce();
    const host = once.guard({ ...this.#wasmBpf(), wasi_snapshot_preview1: this.#wasi() });
    const exports = instantiateGuest(compileGuest(bytes), host);
    this.#exports = exports;
    this.#memory.bind(exportedMemory(exports));
    const begin = exports['_start'];
    if (typeof begin !== 'function') {
      throw new EbpmError('EBPM_WASM_INVALID', 'Cannot run the module: it exports neither "_start" nor "bpf_main"', {
        hint: 'docs/wasm.md says how a module is built',
      });
    }
    begin();
    once.rethrow();
  }

  #wasmBpf(): WasmImports {
    const link = this.#link;
    const { maxEvents, possibleCpus, folders } = this.#start;
    return wasmBpfImports({
      memory: this.#memory,
      objects: this.#objects,
      kernel: new GuestKernel(link),
      emitter: this.#emitter,
      possibleCpus,
      controlDescriptor: link.descriptor,
      heed: () => link.heed(),
      maxSamples: maxEvents ?? Number.POSITIVE_INFINITY,
      exports: () => ({ table: exportedTable(this.#exports), goCallback: this.#exports['go-callback'] }),
      folderOf: (descriptor) =>
        folders[descriptor - FIRST_FOLDER] === undefined ? undefined : descriptor - FIRST_FOLDER,
      tell: (message) => this.#stderr.writeSafe(`${message}\n`),
    });
  }

  #wasi() {
    const { args, env, folders } = this.#start;
    const link = this.#link;
    return wasiImports({
      memory: this.#memory,
      args,
      env: new Map(Object.entries(env)),
      preopens: folders.map((folder, index) => ({ ...folder, fd: this.#surroundings.descriptors[index] ?? -1 })),
      files: systemFiles(),
      stdout: (bytes) => this.#stdout.write(bytes),
      stderr: (bytes) => this.#stderr.write(bytes),
      isTerminal: (stream) => (stream === 'stdout' ? this.#stdout : this.#stderr).isTerminal,
      clock: systemClock,
      random: (bytes) => randomFillSync(bytes),
      sleep: (ms) => {
        for (let left = ms; left > 0; left -= MAX_WAIT_MS) {
          if (waitReadable(link.descriptor, Math.ceil(Math.min(left, MAX_WAIT_MS)))) link.heed();
        }
      },
    });
  }
}

/** The descriptors 0 to 2 are standard streams. */
const FIRST_FOLDER = 3;
/** What poll(2) takes at once. */
const MAX_WAIT_MS = 2 ** 31 - 1;

function endedBy(action: () => void): ReturnType<typeof endingOf> {
  try {
    action();
    return { exitCode: 0 };
  } catch (error) {
    return endingOf(error);
  }
}
