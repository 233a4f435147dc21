import type { WasmExports, WasmFunction, WasmTable } from '../engine.js';
import { GuestFault } from '../guest-fault.js';
import type { GuestMemory } from '../guest-memory.js';
import { EventDelivery } from './event-delivery.js';
import type { EwasmKernel } from './ewasm-kernel.js';
import { exportedCall } from './exported-call.js';
import { Heap } from './libc/heap.js';
import { libcImports } from './libc/libc-imports.js';
import { ARGUMENT_BUFFER_BYTES } from './limits.js';

/** What a guest of the 2022 ABI is given. */
export interface EwasmHost {
  /** To be bound to the instance's memory before `run`. */
  readonly memory: GuestMemory;
  /** Without the program's name, which is always "app". */
  readonly args: readonly string[];
  readonly kernel: EwasmKernel;
  /** Writes all of it before it returns. */
  stdout(bytes: Uint8Array): void;
  /** An event as JSON, as the guest has rewritten it; those that it drops are not told. */
  onEvent?(json: string): void;
}

/** A guest of the 2022 ABI: `imports` make its instance, and `run` runs that. */
export interface EwasmGuest {
  /** The module `env`. */
  readonly imports: Readonly<Record<string, WasmFunction>>;
  /** What `bpf_main` returns. @throws GuestFault, GuestExit */
  run(exports: WasmExports): number;
}

/** Runs modules with `bpf_main` and, if they want to see events, `process_event`. */
export function ewasmGuest(host: EwasmHost): EwasmGuest {
  const { memory, kernel } = host;
  let exports: WasmExports = {};
  const heap = new Heap(memory);
  const events = new EventDelivery(host, heap);
  const libc = libcImports({
    memory,
    heap,
    stdout: (bytes) => host.stdout(bytes),
    table: () => exports['__indirect_function_table'] as WasmTable | undefined,
  });
  return {
    imports: {
      ...libc,
      create_bpf: (json: number, length: number) => kernel.create(untilNul(memory.utf8(json, length))),
      run_bpf: (id: number) => kernel.run(id),
      wait_and_poll_bpf: (id: number) => events.during((deliver) => kernel.waitAndPoll(id, deliver)),
    },
    run: (instance) => {
      exports = instance;
      const main = exportedCall(instance, 'bpf_main', 2);
      if (main === undefined) throw new GuestFault('exports no bpf_main');
      events.listen(exportedCall(instance, 'process_event', 3));
      return main(...putArguments(host, heap));
    },
  };
}

/** `["app", ...args]` as JSON, with a NUL behind it; pointer and length. */
function putArguments({ memory, args }: EwasmHost, heap: Heap): [pointer: number, length: number] {
  const json = Buffer.from(JSON.stringify(['app', ...args]));
  const pointer = heap.allocate(ARGUMENT_BUFFER_BYTES);
  if (json.length >= ARGUMENT_BUFFER_BYTES) throw new GuestFault(`has no room for ${json.length} bytes of arguments`);
  memory.write(pointer, json);
  memory.write(pointer + json.length, new Uint8Array(1));
  return [pointer, json.length];
}

/** Some modules count the NUL into the length. */
function untilNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
