import { readFileSync } from 'node:fs';
import { openObject, type RunningObject } from '@ebpm/loader';
import { CheckedObject } from '@ebpm/object';
import type { Case } from './cases.js';

/** Loads and attaches the programs of a case, and no others of their object; `helper` takes the place of pid 0. */
export function startCase(
  { object = 'types', programs, settings = {}, targets }: Case,
  helper?: number,
): RunningObject {
  const open = openObject(readOnce(object), { name: 'types_bpf' });
  for (const { name } of open.programs) open.setAutoload(name, programs.includes(name));
  try {
    return open.load().attach({
      targets: helper === undefined ? targets : { ...targets, pid: helper },
      settings: new Map(Object.entries(settings)),
    });
  } finally {
    open.close();
  }
}

const objects = new Map<string, CheckedObject>();

function readOnce(name: string): CheckedObject {
  const object = objects.get(name) ?? CheckedObject.read(readFileSync(`/test/${name}.o`));
  objects.set(name, object);
  return object;
}
