import { EbpmError, type ObjectFacts, sha256Hex } from '@ebpm/formats';
import type { BpfObject, BpfProgram } from '../bpf-object.js';
import type { CheckedObject } from '../checked-object.js';
import { INSTRUCTION_BYTES } from '../code/instructions.js';
import { programArrays } from '../code/program-arrays.js';
import { ReachFinder, type Spend } from '../code/reach.js';
import { type ObjectCode, walkObject } from '../code/walk-object.js';
import { REACH_MAX_STEPS } from '../limits.js';
import { readElf } from '../read-elf.js';
import { objectOf } from '../read-object.js';
import { refusal } from '../refusal.js';
import { kernelField } from './kernel-field.js';
import { mapFacts } from './map-facts.js';
import { type FactScope, programFacts } from './program-facts.js';
import { structOps } from './struct-ops.js';

/** Where an object was found. */
export interface ObjectPlace {
  readonly file: string;
  /** Which of the file's objects it is. */
  readonly part: number;
}

/**
 * What an object does, from its bytes alone: the same for the same bytes, everywhere. What `readObject` refuses, and what is larger or
 * more tangled than any real object, gives facts that say that it is not readable.
 */
export function objectFacts(bytes: Uint8Array, place: ObjectPlace): ObjectFacts {
  return factsAt(bytes, place);
}

/** The same of an object that was read already. */
export function checkedObjectFacts({ bytes, object }: CheckedObject, place: ObjectPlace): ObjectFacts {
  return factsAt(bytes, place, object);
}

function factsAt(bytes: Uint8Array, { file, part }: ObjectPlace, known?: BpfObject): ObjectFacts {
  const identity = { file, part, sha256: sha256Hex(bytes) };
  try {
    return { ...identity, readable: true, ...readFacts(bytes, known) };
  } catch (error) {
    if (!(error instanceof EbpmError)) throw error;
    return { ...identity, readable: false, programs: [], maps: [], structOps: [] };
  }
}

function readFacts(bytes: Uint8Array, known?: BpfObject): Omit<ObjectFacts, 'file' | 'part' | 'sha256' | 'readable'> {
  const elf = readElf(bytes);
  const object = known ?? objectOf(elf);
  const code = walkObject(elf, object);
  const spend = budget();
  const finder = new ReachFinder(object, code, programArrays(elf, object), spend);
  const scope = factScope(object, code, spend);
  const { license, programs, btf } = object;
  return {
    ...(license !== undefined && { license }),
    programs: programs.map((program, position) => programFacts(scope, program, finder.of(position))),
    maps: mapFacts(object),
    structOps: structOps(btf),
  };
}

/** Steps that all programs of an object have together. */
function budget(): Spend {
  let left = REACH_MAX_STEPS;
  return (steps) => {
    left -= steps;
    if (left < 0) throw tooLarge();
  };
}

function tooLarge(): EbpmError {
  return refusal('EBPM_OBJECT_UNSUPPORTED', 'its programs reach more than those of any real object');
}

function factScope(object: BpfObject, code: ObjectCode, spend: Spend): FactScope {
  const fields = fieldsBySection(object);
  const known = new Map<BpfProgram, readonly string[]>();
  const types = new Map(
    object.functionTypes.map(({ section, offsetBytes, typeId }) => [`${section}:${offsetBytes}`, typeId]),
  );
  return {
    object,
    fieldsOf(program) {
      const found = known.get(program) ?? fieldsIn(fields.get(program.section) ?? [], program);
      known.set(program, found);
      return found;
    },
    functionType: ({ section, offsetBytes }) => types.get(`${section}:${offsetBytes}`),
    useOf: (id) => {
      const found = code.index.functions[id];
      return found === undefined ? undefined : code.use(found);
    },
    spend,
  };
}

interface FieldPlace {
  readonly offsetBytes: number;
  readonly field: string;
}

/** The fields that are read, with the places in each section where they are, in order. */
function fieldsBySection({ btf, coreRelocations }: BpfObject): ReadonlyMap<string, readonly FieldPlace[]> {
  const sections = new Map<string, FieldPlace[]>();
  if (btf === undefined) return sections;
  for (const relocation of coreRelocations) {
    const field = kernelField(btf, relocation);
    if (field === undefined) continue;
    const places = sections.get(relocation.section) ?? [];
    places.push({ offsetBytes: relocation.offsetBytes, field });
    sections.set(relocation.section, places);
  }
  for (const places of sections.values()) places.sort((left, right) => left.offsetBytes - right.offsetBytes);
  return sections;
}

function fieldsIn(places: readonly FieldPlace[], { offsetBytes, instructionCount }: BpfProgram): readonly string[] {
  const end = offsetBytes + instructionCount * INSTRUCTION_BYTES;
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle]?.offsetBytes ?? 0) < offsetBytes) low = middle + 1;
    else high = middle;
  }
  const fields = new Set<string>();
  for (let at = low; at < places.length; at++) {
    const place = places[at];
    if (place === undefined || place.offsetBytes >= end) break;
    fields.add(place.field);
  }
  return [...fields];
}
