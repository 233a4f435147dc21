import { EbpmError, readPackageContent } from '@ebpm/formats';
import { uint64, viewOf } from '../data-view.js';
import { FACTS_MAX_OBJECTS, WASM_MAX_TEXTS } from '../limits.js';
import { wasmMemory, wasmSegments } from './wasm-data.js';

/** The first bytes of an ELF file of 64 bits, little-endian, and its machine, EM_BPF. */
const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46, 2, 1];
const MACHINE_AT = 18;
const EM_BPF = 247;
const HEADER_BYTES = 64;
const SECTION_HEADER_BYTES = 64;
const NOBITS = 8;

/**
 * The eBPF objects that a WASM module carries in its data, as they are or in a package.json, by their place. A module can make others of
 * whatever it computes, so that there may be more: what it gives to the loader must be among these.
 */
export function objectsInWasm(module: Uint8Array): readonly Uint8Array[] {
  return wasmMemory(wasmSegments(module))
    .flatMap(objectsInMemory)
    .slice(0, FACTS_MAX_OBJECTS + 1);
}

function objectsInMemory(memory: Uint8Array): readonly Uint8Array[] {
  const objects: Uint8Array[] = [];
  let texts = 0;
  for (let at = 0; at < memory.length && objects.length <= FACTS_MAX_OBJECTS; ) {
    const next = nextStart(memory, at);
    if (next === undefined) break;
    const text = memory[next] === BRACE && texts < WASM_MAX_TEXTS ? textAt(memory, next) : undefined;
    if (text !== undefined) texts++;
    const found = memory[next] === BRACE ? text && objectInJson(text) : objectAt(memory, next);
    if (found !== undefined) objects.push(found.object);
    at = next + (found?.sizeBytes ?? 1);
  }
  return objects;
}

const BRACE = 0x7b;
const QUOTE = 0x22;
/** Between a brace and the first key there may be a line's end and how far it is indented. */
const BLANKS: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const MAX_BLANKS = 16;
/** Characters of a package.json around the smallest object. */
const MIN_PACKAGE_BYTES = 300;

/** The next place at which an object, or a package.json, may start. */
function nextStart(memory: Uint8Array, from: number): number | undefined {
  for (let at = from; at + 4 < memory.length; at++) {
    const first = memory[at];
    if (first !== ELF_MAGIC[0] && first !== BRACE) continue;
    if (ELF_MAGIC.every((byte, position) => memory[at + position] === byte)) return at;
    if (first === BRACE && opensText(memory, at)) return at;
  }
  return undefined;
}

interface Found {
  readonly object: Uint8Array;
  readonly sizeBytes: number;
}

/** An object ends where the last of its parts does. */
function objectAt(memory: Uint8Array, at: number): Found | undefined {
  const view = viewOf(memory.subarray(at));
  if (view.byteLength < HEADER_BYTES || view.getUint16(MACHINE_AT, true) !== EM_BPF) return undefined;
  const table = uint64(view, 40);
  const count = view.getUint16(60, true);
  let sizeBytes = table + count * SECTION_HEADER_BYTES;
  if (!(sizeBytes <= view.byteLength)) return torn(memory, at);
  for (let index = 0; index < count; index++) {
    const header = table + index * SECTION_HEADER_BYTES;
    if (view.getUint32(header + 4, true) === NOBITS) continue;
    sizeBytes = Math.max(sizeBytes, uint64(view, header + 24) + uint64(view, header + 32));
  }
  if (!(sizeBytes <= view.byteLength)) return torn(memory, at);
  return { object: memory.slice(at, at + sizeBytes), sizeBytes };
}

/** What begins as an object and is none is told by its header. */
function torn(memory: Uint8Array, at: number): Found {
  return { object: memory.slice(at, at + HEADER_BYTES), sizeBytes: HEADER_BYTES };
}

function opensText(memory: Uint8Array, brace: number): boolean {
  let at = brace + 1;
  while (at <= brace + MAX_BLANKS && BLANKS.has(memory[at])) at++;
  return memory[at] === QUOTE;
}

/** A text that is long enough for a package.json; it ends with a NUL, as texts of C do. */
function textAt(memory: Uint8Array, at: number): Uint8Array | undefined {
  // Most that begin so are short: the end of memory is not looked for.
  const near = memory.subarray(at, at + MIN_PACKAGE_BYTES).indexOf(0);
  if (near >= 0) return undefined;
  const end = memory.indexOf(0, at);
  return memory.subarray(at, end < 0 ? memory.length : end);
}

function objectInJson(bytes: Uint8Array): Found | undefined {
  try {
    const content = readPackageContent(bytes, 'a package in a WASM module');
    return 'object' in content ? { object: content.object, sizeBytes: bytes.length } : undefined;
  } catch (error) {
    if (error instanceof EbpmError) return undefined;
    throw error;
  }
}
