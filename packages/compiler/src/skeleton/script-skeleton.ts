import { pascalCase } from './identifiers.js';
import type { Layout } from './layout.js';
import { flattened, ScriptRecords, wordOf } from './script-records.js';
import type { Skeleton, SkeletonGlobal, SkeletonMap, SkeletonProgram } from './skeleton.js';

/** `NAME.skel.ts`: what `NAME.skel.h` is for C, for a guest in AssemblyScript. */
export function scriptSkeleton(skeleton: Skeleton): string {
  const name = pascalCase(skeleton.identifier);
  const records = new ScriptRecords(skeleton.records, [name, 'ebpm', 'OBJECT', 'OBJECT_BYTES', 'BUFFER']);
  const { maps, programs, globals } = skeleton;
  const parts = [
    ...globals.map((global) => setter(records, global)),
    lifeText(skeleton),
    ...programs.map(programText),
    ...maps.map((map) => mapText(records, map)),
    ...skeleton.printable.map((record) => printText(records.classOf(record), record.name, record)),
  ];
  return `// Made by ebpm: types, maps and programs of an eBPF object, and the object itself. Do not change it.
import * as ebpm from "ebpm";

${skeleton.records.map((record) => `${records.define(record)}\n`).join('')}${objectText(skeleton)}
export class ${name} {
  /** 0 while it is not loaded. */
  object: u64 = 0;
${maps.map(({ identifier }) => `  map_${identifier}: i32 = -1;\n`).join('')}${parts.join('')}}
`;
}

const WORDS_PER_LINE = 8;

/** As words, which the compiler reads faster than bytes; the last one is filled with zeros. */
function objectText({ object, maps }: Skeleton): string {
  const padded = new Uint8Array(Math.ceil(object.length / 8) * 8);
  padded.set(object);
  const view = new DataView(padded.buffer);
  const words = Array.from(
    { length: padded.length / 8 },
    (_, at) => `0x${view.getBigUint64(at * 8, true).toString(16)}`,
  );
  const lines = Array.from({ length: Math.ceil(words.length / WORDS_PER_LINE) }, (_, line) => {
    return `  ${words.slice(line * WORDS_PER_LINE, (line + 1) * WORDS_PER_LINE).join(', ')},\n`;
  });
  const largest = Math.max(0, ...maps.map(({ record }) => record?.sizeBytes ?? MAX_RECORD_BYTES));
  const buffer = maps.some(({ use }) => use === 'records') ? `const BUFFER: usize = memory.data(${largest}, 8);\n` : '';
  return `const OBJECT: usize = memory.data<u64>([\n${lines.join('')}]);\nconst OBJECT_BYTES: i32 = ${object.length};\n${buffer}`;
}

/** ebpm.MAX_RECORD_BYTES of the guest library. */
const MAX_RECORD_BYTES = 4096;

/** Written into the object, where the loader finds it as the variable's first value. */
function setter(records: ScriptRecords, { identifier, offsetBytes, layout }: SkeletonGlobal): string {
  if (layout.sizeBytes === 0) return '';
  const at = `OBJECT + ${offsetBytes}`;
  const [type, statement] = written(records, layout, at);
  return `
  /** Before it is loaded. */
  static set_${identifier}(value: ${type}): void {
    ${statement}
  }
`;
}

function written(records: ScriptRecords, layout: Layout, at: string): readonly [type: string, statement: string] {
  if (layout.kind === 'scalar') return [wordOf(layout.scalar), `store<${wordOf(layout.scalar)}>(${at}, value);`];
  if (layout.kind === 'array') {
    const { element, length } = flattened(layout);
    if (element.kind === 'scalar' && element.scalar === 'char')
      return ['string', `ebpm.setText(${at}, ${length}, value);`];
    if (element.kind === 'scalar') {
      const copy = `memory.copy(${at}, changetype<usize>(value), min(value.length, ${length}) * ${element.sizeBytes});`;
      return [`StaticArray<${wordOf(element.scalar)}>`, copy];
    }
  }
  const type = layout.kind === 'record' ? records.classOf(layout.record) : 'usize';
  return [type, `memory.copy(${at}, changetype<usize>(value), ${layout.sizeBytes});`];
}

function lifeText({ maps, programs }: Skeleton): string {
  const found = maps.map(
    ({ identifier, name }) => `    this.map_${identifier} = ebpm.mapByName(this.object, ${JSON.stringify(name)});\n`,
  );
  const attached = programs
    .filter(({ attachesItself }) => attachesItself)
    .map(({ identifier }) => `    error = this.attach_${identifier}();\n    if (error < 0) return error;\n`);
  return `
  /** Loads it into the kernel: 0, or -1 where that is refused; why stands on the standard error of the run. */
  load(): i32 {
    this.object = ebpm.loadObject(OBJECT, OBJECT_BYTES);
    if (this.object == 0) return -1;
${found.join('')}    return 0;
  }

  /** Attaches every program that needs no target: 0, or the negative number of the first error. */
  attach(): i32 {
${attached.length === 0 ? '' : `    let error = 0;\n${attached.join('')}`}    return 0;
  }

  /** Detaches and unloads it. */
  close(): i32 {
    const object = this.object;
    this.object = 0;
    return ebpm.closeObject(object);
  }
`;
}

function programText({ name, identifier }: SkeletonProgram): string {
  const text = JSON.stringify(name);
  return `
  attach_${identifier}(): i32 {
    return ebpm.attachProgram(this.object, ${text});
  }

  /** To a control group's path or an interface's name. */
  attach_${identifier}_to(target: string): i32 {
    return ebpm.attachProgram(this.object, ${text}, target);
  }

  /** To a folder that the user has given to the guest. */
  attach_${identifier}_fd(fd: i32): i32 {
    return ebpm.attachProgramToFd(this.object, ${text}, fd);
  }
`;
}

function mapText(records: ScriptRecords, map: SkeletonMap): string {
  if (map.use === 'records') return recordsText(records, map);
  return map.use === 'entries' ? entriesText(records, map) : '';
}

function recordsText(records: ScriptRecords, { identifier, record }: SkeletonMap): string {
  const type = record === undefined ? 'usize' : records.classOf(record);
  const size = record === undefined ? 'ebpm.MAX_RECORD_BYTES' : record.sizeBytes;
  return `
  /**
   * Gives every record that is there to the callback; waits for one up to that time where there is none. How many there were, or what a
   * callback returned that is negative, which ends it, or the negative number of an error.
   */
  poll_${identifier}(callback: (context: usize, record: ${type}, size: u32) => i32, timeoutMs: i32, context: usize = 0): i32 {
    return ebpm.pollBuffer(this.object, this.map_${identifier}, callback.index, context, BUFFER, ${size}, timeoutMs);
  }
`;
}

function entriesText(records: ScriptRecords, { identifier, key, value, perCpu }: SkeletonMap): string {
  const keyType = reference(records, key);
  const valueType = perCpu ? 'usize' : reference(records, value);
  const nullable = keyType === 'usize' ? 'usize' : `${keyType} | null`;
  const map = `this.map_${identifier}`;
  const note = perCpu
    ? '  /** A value is possibleCpus() of them, one after another, each at a multiple of 8 bytes. */\n'
    : '';
  return `
${note}  lookup_${identifier}(key: ${keyType}, value: ${valueType}): i32 {
    return ebpm.lookup(${map}, changetype<usize>(key), changetype<usize>(value));
  }

  update_${identifier}(key: ${keyType}, value: ${valueType}, flags: u64 = 0): i32 {
    return ebpm.update(${map}, changetype<usize>(key), changetype<usize>(value), flags);
  }

  delete_${identifier}(key: ${keyType}): i32 {
    return ebpm.remove(${map}, changetype<usize>(key));
  }

  /** The key behind another one, or the first where that is null; negative where there is none. */
  next_${identifier}(key: ${nullable}, next: ${keyType}): i32 {
    return ebpm.nextKey(${map}, changetype<usize>(key), changetype<usize>(next));
  }
`;
}

/** What is read or written in place: a record, a word in a box, or an address. */
function reference(records: ScriptRecords, layout: Layout): string {
  if (layout.kind === 'record') return records.classOf(layout.record);
  return layout.kind === 'scalar' ? `ebpm.Box<${wordOf(layout.scalar)}>` : 'usize';
}

function printText(
  type: string,
  name: string,
  { identifier, sizeBytes }: { identifier: string; sizeBytes: number },
): string {
  return `
  /** Prints it as the events of a package without a guest are printed: 0, or a negative number. */
  emit_${identifier}(record: ${type}): i32 {
    return ebpm.emit(this.object, ${JSON.stringify(name)}, changetype<usize>(record), ${sizeBytes});
  }
`;
}
