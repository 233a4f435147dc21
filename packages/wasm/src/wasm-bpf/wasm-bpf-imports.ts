import type { WasmImports, WasmTable } from '../engine.js';
import type { BrokerLink } from '../guest/broker-link.js';
import type { GuestKernel } from '../guest/guest-kernel.js';
import { errnoOf, orTold } from '../guest/or-told.js';
import type { ShownEvents } from '../guest/shown-events.js';
import { GuestFault } from '../guest-fault.js';
import type { GuestMemory } from '../guest-memory.js';
import { MAX_EMITTED_BYTES, MAX_GUEST_NAME_BYTES, MAX_GUEST_OBJECT_BYTES, MAX_TARGET_BYTES } from '../limits.js';
import { BufferPoll, type PollRequest } from './buffer-poll.js';
import type { Emitter } from './emitter.js';
import { E2BIG, EBADF, EPERM } from './errno.js';
import { calledWithI32s, guestCallback } from './guest-callback.js';
import { type GuestObjects, OBJECT_NAME } from './guest-objects.js';
import { operateOnMap } from './map-operation.js';

/** What the newer ABI needs of the guest's process. */
export interface WasmBpfHost {
  readonly memory: GuestMemory;
  readonly objects: GuestObjects;
  readonly kernel: Pick<GuestKernel, 'load'>;
  readonly emitter: Emitter;
  readonly possibleCpus: number;
  readonly link: BrokerLink;
  /** What is given counts as shown; undefined where `emit` is imported, and what that shows counts. */
  readonly given: ShownEvents | undefined;
  /** The guest's own, once it is there. */
  readonly exports: () => { readonly table: WasmTable | undefined; readonly goCallback: unknown };
  /** Which of the folders a descriptor of WASI's is; undefined for others. */
  readonly folderOf: (descriptor: number) => number | undefined;
  /** Tells whoever runs the guest why something was refused. */
  readonly tell: (message: string) => void;
}

/**
 * The functions of the module `wasm_bpf`, as runtimes of wasm-bpf have them, and what belongs to it: Go's wrapper, and `emit`, which is ebpm's own.
 * docs/wasm-runtime.md has their semantics and errors.
 */
export function wasmBpfImports(host: WasmBpfHost): WasmImports {
  const { memory, objects, kernel } = host;
  const poll = new BufferPoll(host);

  const attach = (handle: bigint, namePointer: number, target: { target?: string; folder?: number | null }): number => {
    const name = memory.text(namePointer, MAX_GUEST_NAME_BYTES);
    const own = objects.get(handle);
    if (own === undefined) return -EPERM;
    return orTold(
      host,
      () => {
        own.object.attach(name, target);
        return 0;
      },
      errnoOf,
    );
  };
  // A perf buffer is opened by whoever may.
  const pollOrTold = (request: PollRequest): number => orTold(host, () => poll.poll(request), errnoOf);

  return {
    wasm_bpf: {
      wasm_load_bpf_object(pointer: number, length: number): bigint {
        if (length >>> 0 > MAX_GUEST_OBJECT_BYTES) throw new GuestFault(`gave an object of ${length >>> 0} bytes`);
        const bytes = memory.bytes(pointer, length).slice();
        return orTold(
          host,
          () => objects.add(kernel.load({ bytes, name: OBJECT_NAME }), bytes).handle,
          () => 0n,
        );
      },
      wasm_close_bpf_object(handle: bigint): number {
        return objects.close(handle) ? 0 : -1;
      },
      wasm_attach_bpf_program(handle: bigint, name: number, target: number): number {
        const text = target === 0 ? '' : memory.text(target, MAX_TARGET_BYTES);
        return attach(handle, name, text === '' ? {} : { target: text });
      },
      wasm_attach_bpf_program_fd(handle: bigint, name: number, descriptor: number): number {
        if (descriptor < 0) return attach(handle, name, {});
        return attach(handle, name, { folder: host.folderOf(descriptor) ?? null });
      },
      wasm_bpf_buffer_poll(
        handle: bigint,
        descriptor: number,
        callback: number,
        context: number,
        data: number,
        maxBytes: number,
        timeoutMs: number,
      ): number {
        const found = () => guestCallback(host.exports().table, callback);
        return pollOrTold({ handle, descriptor, callback: found, context, data, maxBytes, timeoutMs });
      },
      wasm_bpf_map_fd_by_name(handle: bigint, name: number): number {
        const own = objects.get(handle);
        return own === undefined ? -EPERM : (objects.mapNamed(own, memory.text(name, MAX_GUEST_NAME_BYTES)) ?? -1);
      },
      wasm_bpf_map_operate(
        descriptor: number,
        command: number,
        key: number,
        value: number,
        nextKey: number,
        flags: bigint,
      ): number {
        return operateOnMap(host, { descriptor, command, key, value, nextKey, flags });
      },
    },
    'callback-wrapper': {
      wasm_bpf_buffer_poll(
        handle: bigint,
        descriptor: number,
        context: number,
        data: number,
        maxBytes: number,
        timeoutMs: number,
      ): number {
        const found = () => goCallback(host.exports().goCallback);
        return pollOrTold({ handle, descriptor, callback: found, context, data, maxBytes, timeoutMs });
      },
    },
    ebpm: {
      possible_cpus(): number {
        return host.possibleCpus;
      },
      emit(handle: bigint, struct: number, data: number, size: number): number {
        const own = objects.get(handle);
        if (own === undefined) return -EBADF;
        if (size >>> 0 > MAX_EMITTED_BYTES) return -E2BIG;
        return host.emitter.emit(own, memory.text(struct, MAX_GUEST_NAME_BYTES), memory.bytes(data, size));
      },
    },
  };
}

function goCallback(found: unknown) {
  if (typeof found !== 'function') throw new GuestFault('polled through callback-wrapper, and exports no go-callback');
  return calledWithI32s(found as Parameters<typeof calledWithI32s>[0], 'go-callback');
}
