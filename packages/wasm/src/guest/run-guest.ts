import { randomFillSync } from 'node:crypto';
import { type PrinterKind, type PrinterOptions, printableText } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import { becomeGuest, type GuestIdentity, type LentMap, waitReadable } from '@ebpm/loader';
import { engine, type WasmExports, type WasmImports, type WasmModule } from '../engine.js';
import type { MakeEwasmKernel } from '../ewasm/ewasm-kernel-parts.js';
import { ewasmGuest } from '../ewasm/run-ewasm.js';
import { GuestExit } from '../guest-exit.js';
import { GuestMemory } from '../guest-memory.js';
import { toolImports } from '../tools/tool-imports.js';
import { OpenFiles } from '../wasi/open-files.js';
import { systemClock } from '../wasi/system-clock.js';
import { systemFiles } from '../wasi/system-files.js';
import type { Preopen, WasiHost } from '../wasi/wasi-host.js';
import { wasiImports } from '../wasi/wasi-imports.js';
import { Emitter } from '../wasm-bpf/emitter.js';
import { GuestObjects } from '../wasm-bpf/guest-objects.js';
import { wasmBpfImports } from '../wasm-bpf/wasm-bpf-imports.js';
import { BrokerLink } from './broker-link.js';
import { EndedOnce } from './ended-once.js';
import { endingOf } from './guest-ending.js';
import { GuestKernel, type GuestObject } from './guest-kernel.js';
import { compileGuest, exportedMemory, exportedTable, instantiateGuest } from './guest-module.js';
import { GuestOutput } from './guest-output.js';
import { GuestSamples } from './guest-samples.js';
import { GuestStop } from './guest-stop.js';
import { PolledBuffer } from './polled-buffer.js';
import type { GuestStart } from './protocol.js';
import { ShownEvents } from './shown-events.js';

/** How the process of a guest is set up. */
export interface GuestProcess {
  /** Its end of the channel to the broker. */
  readonly channel: number;
  /** Who it becomes; undefined: it stays who it is, who is not root. */
  readonly identity: GuestIdentity | undefined;
  /** How emitted records are shown, of what the start says. */
  readonly printing: (output: unknown) => { readonly kind: PrinterKind; readonly printing: PrinterOptions };
  /** What makes programs of the JSON that guests of the 2022 ABI have. */
  readonly ewasm: MakeEwasmKernel;
}

/**
 * Runs a guest in this process from its start to its end, and tells the broker how it ended. Nothing of the guest is looked at before all privileges are gone.
 */
export function runGuest({ channel, identity, printing, ewasm }: GuestProcess): void {
  const link = new BrokerLink(channel);
  try {
    const kept = endedBy(() => becomeGuest(identity));
    if (kept.fault !== undefined) {
      link.end({ ...kept, buffers: [], shown: 0 });
      return;
    }
    const { start, module, descriptors } = link.start();
    const guest = new Guest(link, start, { descriptors, ewasm, ...printing(start.output) });
    link.end({ ...guest.run(module), ...guest.totals() });
  } catch (error) {
    // The broker has ended: nobody is left who wants to know.
    if (!(error instanceof GuestStop)) throw error;
  }
}

interface GuestSurroundings {
  /** Of the folders. */
  readonly descriptors: readonly number[];
  readonly ewasm: MakeEwasmKernel;
  readonly kind: PrinterKind;
  readonly printing: PrinterOptions;
}

/** A guest and what it is given. */
class Guest {
  readonly #memory = new GuestMemory();
  readonly #objects = new GuestObjects();
  /** Of the ABI of 2022. */
  readonly #polled: PolledBuffer[] = [];
  readonly #link: BrokerLink;
  readonly #kernel: GuestKernel;
  readonly #start: GuestStart;
  readonly #surroundings: GuestSurroundings;
  readonly #stdout: GuestOutput;
  readonly #stderr: GuestOutput;
  readonly #emitter: Emitter;
  readonly #shown: ShownEvents;
  #exports: WasmExports = {};

  constructor(link: BrokerLink, start: GuestStart, surroundings: GuestSurroundings) {
    this.#link = link;
    this.#kernel = new GuestKernel(link);
    this.#start = start;
    this.#surroundings = surroundings;
    const control = link.descriptor;
    this.#stdout = new GuestOutput(1, { isTerminal: process.stdout.isTTY === true, control });
    this.#stderr = new GuestOutput(2, { isTerminal: process.stderr.isTTY === true, control });
    const { kind, printing } = surroundings;
    this.#shown = new ShownEvents(start.maxEvents);
    const write = (chunk: Uint8Array | string) => this.#stdout.writeSafe(chunk);
    this.#emitter = new Emitter({ kind, printing, write, shown: this.#shown });
  }

  totals() {
    const buffers = [...this.#objects.totals(), ...this.#polled.map(({ totals }) => totals)];
    return { buffers, shown: this.#shown.count };
  }

  /** How it ended. */
  run(bytes: Uint8Array): ReturnType<typeof endingOf> {
    const ending = endedBy(() => this.#run(bytes));
    const last = endedBy(() => this.#emitter.close());
    return ending.fault === undefined && last.fault !== undefined ? last : ending;
  }

  #run(bytes: Uint8Array): void {
    const module = compileGuest(bytes);
    const once = new EndedOnce();
    if (exportsName(module, 'bpf_main')) this.#runEwasm(module, once);
    else this.#runCommand(module, once);
    once.rethrow();
  }

  /** What the ABI of 2022 returns from its main function is no exit code of a process: negative is a failure. */
  #runEwasm(module: WasmModule, once: EndedOnce): void {
    // A guest that looks at its events prints them itself; in JSON they are shown as it has left them.
    const isShown = this.#surroundings.kind === 'json' || !exportsName(module, 'process_event');
    const guest = ewasmGuest({
      memory: this.#memory,
      args: this.#start.args.slice(1),
      kernel: this.#surroundings.ewasm({
        kernel: this.#kernel,
        samples: (object, map) => this.#openSamples(object, map, isShown ? undefined : this.#shown),
        sleep: (ms) => this.#sleep(ms),
        tell: (message) => this.#tell(message),
      }),
      stdout: (bytes) => this.#stdout.write(bytes),
      onEvent: (json) => isShown && this.#showText(json),
    });
    const exports = instantiateGuest(module, once.guard({ env: guest.imports }));
    this.#memory.bind(exportedMemory(exports));
    const result = guest.run(exports);
    once.rethrow();
    if (result !== 0) throw new GuestExit(result < 0 ? 1 : result);
  }

  #openSamples(object: GuestObject, map: LentMap, given: ShownEvents | undefined): GuestSamples {
    const polled = new PolledBuffer(object, map, this.#link);
    this.#polled.push(polled);
    return new GuestSamples(polled, given);
  }

  /** @throws GuestStop behind the last that is wanted */
  #showText(json: string): void {
    this.#stdout.write(Buffer.from(`${json}\n`));
    this.#shown.add(1);
    this.#shown.endIfEnough();
  }

  #tell(message: string): void {
    this.#stderr.writeSafe(`${printableText(message)}\n`);
  }

  #sleep(ms: number): void {
    for (let left = ms; left > 0; left -= MAX_WAIT_MS) {
      if (waitReadable(this.#link.descriptor, Math.ceil(Math.min(left, MAX_WAIT_MS)))) this.#link.heed();
    }
  }

  #runCommand(module: WasmModule, once: EndedOnce): void {
    const preopens = this.#preopens();
    const files = new OpenFiles(preopens);
    const wasi = wasiImports(this.#wasiHost(preopens), files);
    const given = importsName(module, 'ebpm', 'emit') ? undefined : this.#shown;
    const host = once.guard({ ...this.#ownModules(files, given), wasi_snapshot_preview1: wasi });
    const exports = instantiateGuest(module, host);
    this.#exports = exports;
    this.#memory.bind(exportedMemory(exports));
    const begin = exports['_start'];
    if (typeof begin !== 'function') {
      throw new EbpmError('EBPM_WASM_INVALID', 'Cannot run the module: it exports neither "_start" nor "bpf_main"', {
        hint: 'docs/wasm.md says how a module is built',
      });
    }
    begin();
  }

  #ownModules(files: OpenFiles, given: ShownEvents | undefined): WasmImports {
    const wasmBpf = this.#wasmBpf(files, given);
    const tools = toolImports({
      memory: this.#memory,
      link: this.#link,
      tell: (message) => this.#tell(message),
    });
    return { ...wasmBpf, ebpm: { ...wasmBpf['ebpm'], ...tools } };
  }

  #wasmBpf(files: OpenFiles, given: ShownEvents | undefined): WasmImports {
    const { possibleCpus } = this.#start;
    return wasmBpfImports({
      memory: this.#memory,
      objects: this.#objects,
      kernel: this.#kernel,
      emitter: this.#emitter,
      possibleCpus,
      link: this.#link,
      given,
      exports: () => ({ table: exportedTable(this.#exports), goCallback: this.#exports['go-callback'] }),
      folderOf: (descriptor) => files.preopenAt(descriptor),
      tell: (message) => this.#tell(message),
    });
  }

  #preopens(): readonly Preopen[] {
    const { descriptors } = this.#surroundings;
    return this.#start.folders.map((folder, index) => ({ ...folder, fd: descriptors[index] ?? -1 }));
  }

  #wasiHost(preopens: readonly Preopen[]): WasiHost {
    const { args, env } = this.#start;
    return {
      memory: this.#memory,
      args,
      env: new Map(Object.entries(env)),
      preopens,
      files: systemFiles(),
      stdout: (bytes) => this.#stdout.write(bytes),
      stderr: (bytes) => this.#stderr.write(bytes),
      isTerminal: (stream) => (stream === 'stdout' ? this.#stdout : this.#stderr).isTerminal,
      clock: systemClock,
      random: (bytes) => randomFillSync(bytes),
      sleep: (ms) => this.#sleep(ms),
    };
  }
}

/** What poll(2) takes at once. */
const MAX_WAIT_MS = 2 ** 31 - 1;

function exportsName(module: WasmModule, wanted: string): boolean {
  return engine.Module.exports(module).some(({ name }) => name === wanted);
}

function importsName(module: WasmModule, from: string, wanted: string): boolean {
  return engine.Module.imports(module).some(({ module: other, name }) => other === from && name === wanted);
}

function endedBy(action: () => void): ReturnType<typeof endingOf> {
  try {
    action();
    return { exitCode: 0 };
  } catch (error) {
    return endingOf(error);
  }
}
