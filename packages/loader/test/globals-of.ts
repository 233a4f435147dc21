import { readObject } from '@ebpm/object';
import type { RunningObject } from '../src/running-object.js';

/** The 64-bit numbers that a program keeps in .bss, by the name of the variable. */
export function globalsOf(running: RunningObject, bytes: Uint8Array): (name: string) => bigint {
  const section = readObject(bytes).dataSections.find(({ name }) => name === '.bss');
  const value = running.readMap('.bss')[0]?.value;
  if (section === undefined || value === undefined) throw new Error('the fixture has no .bss');
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return (name) => {
    const variable = section.variables.find((candidate) => candidate.name === name);
    if (variable === undefined) throw new Error(`the fixture has no variable "${name}"`);
    return view.getBigUint64(variable.offsetBytes, true);
  };
}
