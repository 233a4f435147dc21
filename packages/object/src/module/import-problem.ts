import { COMMAND_SIGNATURES, type Signatures, YEAR_2022_SIGNATURES } from './host-signatures.js';
import { type ModuleImport, readModule, type WasmModuleShape } from './read-module.js';

/** Why a module cannot be run. */
export interface ImportProblem {
  /** Goes on after the module's name: `it imports ...`. */
  readonly reason: string;
  readonly hint: string;
  /** What it imports and no host has: the first of them. */
  readonly missing?: readonly string[];
}

/** What a host starts, of the newer ABIs and of that of 2022. */
export const STARTS: readonly string[] = ['_start', 'bpf_main'];

/** Imports that are named. */
const TOLD = 5;

/**
 * What a module imports and a host of its ABI does not have, or has otherwise: V8 would call it all the same and convert, so that an i64 would reach the host as a bigint where it
 * wants a number. That a result is not wanted does no harm. Undefined where every import is as it should be.
 */
export function importProblem(bytes: Uint8Array): ImportProblem | undefined {
  const shape = readOrReason(bytes);
  if (typeof shape === 'string') {
    return { reason: `its types have ${shape}, which no guest has`, hint: 'Compile it from C or AssemblyScript' };
  }
  const known = shape.exports.includes('bpf_main') ? YEAR_2022_SIGNATURES : COMMAND_SIGNATURES;
  const missing = shape.imports.filter((one) => wantedSignature(one, known) === undefined).map(nameOf);
  if (missing.length > 0) return missingProblem(missing);
  const other = shape.imports.find((one) => !fits(one.signature, wantedSignature(one, known) ?? ''));
  if (other === undefined) return undefined;
  const [wanted = ''] = (wantedSignature(other, known) ?? '').split('|');
  return {
    reason: `it imports ${nameOf(other)} as ${words(other.signature)}, and it is ${words(wanted)}`,
    hint: 'Build it with headers that declare the function as it is',
  };
}

function readOrReason(bytes: Uint8Array): WasmModuleShape | string {
  try {
    return readModule(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return error.message;
  }
}

function wantedSignature({ module, name, kind }: ModuleImport, known: Readonly<Record<string, Signatures>>) {
  const own = Object.hasOwn(known, module) ? known[module] : undefined;
  return kind === 'function' && own !== undefined && Object.hasOwn(own, name) ? own[name] : undefined;
}

function missingProblem(all: readonly string[]): ImportProblem {
  const missing = all.slice(0, TOLD);
  const more = all.length > TOLD ? ` and ${all.length - TOLD} more` : '';
  return {
    reason: `it imports ${missing.join(', ')}${more}, which ebpm does not give to guests`,
    hint: 'docs/wasm-runtime.md lists what a module may import',
    missing,
  };
}

/** What is no function has its kind before it. */
function nameOf({ module, name, kind }: ModuleImport): string {
  return `${kind === 'function' ? '' : `${kind} `}${module}.${name}`;
}

function fits(declared: string, wanted: string): boolean {
  return wanted.split('|').some((one) => declared === one || declared === one.slice(0, one.indexOf(':') + 1));
}

const WORDS: Readonly<Record<string, string>> = {
  i: 'i32',
  I: 'i64',
  f: 'f32',
  F: 'f64',
  v: 'v128',
  r: 'funcref',
  x: 'externref',
};

/** `(i32, i64) -> i32` */
function words(signature: string): string {
  const [parameters = '', results = ''] = signature
    .split(':')
    .map((letters) => [...letters].map((letter) => WORDS[letter] ?? letter).join(', '));
  return `(${parameters}) -> ${results === '' ? 'nothing' : results}`;
}
