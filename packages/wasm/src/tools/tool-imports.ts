import type { WasmFunction } from '../engine.js';
import type { BrokerLink } from '../guest/broker-link.js';
import { errnoOf, orTold } from '../guest/or-told.js';
import type { GuestMemory } from '../guest-memory.js';
import { MAX_GUEST_NAME_BYTES, MAX_TOOL_ARGS_BYTES } from '../limits.js';
import { E2BIG, EAGAIN, EBADF, EINVAL } from '../wasm-bpf/errno.js';
import { GuestTool } from './guest-tool.js';

/** What tools need of the guest's process. */
export interface ToolHost {
  readonly memory: GuestMemory;
  readonly link: BrokerLink;
  /** Tells whoever runs the guest why something was refused. */
  readonly tell: (message: string) => void;
}

/** Functions of the module `ebpm` by which a guest starts the tools that its package depends on. docs/wasm-runtime.md has their semantics and errors. */
export function toolImports(host: ToolHost): Readonly<Record<string, WasmFunction>> {
  const { memory, link } = host;
  const tools = new Map<number, GuestTool>();
  let last = 0;
  return {
    tool_start(name: number, nameLength: number, args: number, argsLength: number): number {
      if (nameLength >>> 0 > MAX_GUEST_NAME_BYTES || argsLength >>> 0 > MAX_TOOL_ARGS_BYTES) return -E2BIG;
      const tool = textAt(memory, name, nameLength);
      const words = textAt(memory, args, argsLength);
      if (tool === undefined || words === undefined) return -EINVAL;
      return orTold(
        host,
        () => {
          const started = GuestTool.start(link, tool, argumentsIn(words));
          tools.set(++last, started);
          return last;
        },
        errnoOf,
      );
    },
    tool_read(handle: number, buffer: number, length: number, timeoutMs: number): number {
      const tool = tools.get(handle);
      if (tool === undefined) return -EBADF;
      // To read nothing would look like the end.
      if (length === 0 || !memory.holds(buffer, length)) return -EINVAL;
      return tool.read(() => memory.bytes(buffer, length), timeoutMs) ?? -EAGAIN;
    },
    tool_stop(handle: number): number {
      const tool = tools.get(handle);
      if (tool === undefined) return -EBADF;
      tools.delete(handle);
      return orTold(host, () => tool.stop(), errnoOf);
    },
  };
}

/** Undefined where it is not all the guest's memory, or not UTF-8. */
function textAt(memory: GuestMemory, pointer: number, length: number): string | undefined {
  if (!memory.holds(pointer, length)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(memory.bytes(pointer, length));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Each argument ends with NUL, which the last one need not have. */
function argumentsIn(text: string): readonly string[] {
  const words = text.split('\0');
  return words.at(-1) === '' ? words.slice(0, -1) : words;
}
