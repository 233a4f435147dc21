import { printable } from '../printable.js';
import { jsonText } from '../write/json-text.js';
import type { NamedStack, StackFrame } from './stack-frame.js';

/** A stack for people, as eunomia-bpf prints it, with an empty line at its end. */
export function stackText({ sample, kernel, user }: NamedStack): string {
  const cpu = sample.cpu === undefined ? '' : ` @ CPU ${sample.cpu}`;
  const count = sample.count === undefined ? '' : ` count=${sample.count}`;
  const lines = [
    `COMM: ${printable(sample.comm)} (pid=${sample.pid})${cpu}${count}`,
    kernel.length === 0 ? 'No Kernel Stack' : 'Kernel:',
    ...kernel.map((frame, index) => frameLine(frame, index, kernelName(frame))),
    user.length === 0 ? 'No Userspace Stack' : 'Userspace:',
    ...user.map((frame, index) => frameLine(frame, index, userName(frame))),
  ];
  return `${lines.join('\n')}\n\n`;
}

/** A stack as JSON: the members of the object that an event's JSON gets under `stacks`. */
export function stackJson({ kernel, user }: NamedStack): string {
  return `{"kernel":[${kernel.map(frameJson).join(',')}],"user":[${user.map(frameJson).join(',')}]}`;
}

/** What an address without a name is called. */
export const UNKNOWN_SYMBOL = '[unknown]';

function frameLine({ address }: StackFrame, index: number, name: string): string {
  return `${String(index).padStart(3)} [<${address.toString(16).padStart(16, '0')}>] ${name}`;
}

function kernelName(frame: StackFrame): string {
  return frame.module === undefined ? placeName(frame) : `${placeName(frame)} [${printable(frame.module)}]`;
}

function userName(frame: StackFrame): string {
  return frame.module === undefined ? placeName(frame) : `${placeName(frame)} "${printable(frame.module)}"`;
}

function placeName({ symbol, offsetBytes = 0 }: StackFrame): string {
  return symbol === undefined ? UNKNOWN_SYMBOL : `${printable(symbol)}+0x${offsetBytes.toString(16)}`;
}

/** The address is text, since it does not fit into a double. */
function frameJson({ address, symbol, offsetBytes, module }: StackFrame): string {
  const name = symbol === undefined ? '' : `,"symbol":${jsonText(symbol)},"offset":${offsetBytes ?? 0}`;
  const from = module === undefined ? '' : `,"module":${jsonText(module)}`;
  return `{"address":"0x${address.toString(16)}"${name}${from}}`;
}
