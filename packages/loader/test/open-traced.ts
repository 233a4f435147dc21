import { readObject } from '@ebpm/object';
import type { OpenObject } from '../src/open-object.js';
import { openObject } from '../src/open-object.js';
import type { Sender } from './sender.js';

/** `events.bpf.c`, opened, with one program turned on and the sender as its only traced process. */
export function openTraced(bytes: Uint8Array, program: string, sender: Sender, globals: Globals = {}): OpenObject {
  const object = openObject(bytes, { name: 'events' });
  object.setAutoload(program, true);
  setGlobals(object, bytes, { traced_pid: sender.pid, traced_syscall: sender.syscall, ...globals });
  return object;
}

type Globals = Readonly<Record<string, number>>;

function setGlobals(object: OpenObject, bytes: Uint8Array, globals: Globals): void {
  const section = readObject(bytes).dataSections.find(({ name }) => name === '.rodata');
  const value = object.initialValue('.rodata');
  if (section === undefined || value === undefined) throw new Error('the fixture has no .rodata');
  for (const [name, number] of Object.entries(globals)) {
    const variable = section.variables.find((candidate) => candidate.name === name);
    if (variable === undefined) throw new Error(`the fixture has no global "${name}"`);
    Buffer.from(value.buffer, value.byteOffset).writeUIntLE(
      number,
      variable.offsetBytes,
      Math.min(variable.sizeBytes, 6),
    );
  }
  object.setInitialValue('.rodata', value);
}
