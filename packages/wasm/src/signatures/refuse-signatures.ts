import { EbpmError } from '@ebpm/formats';
import { IMPORT_SIGNATURES } from './all.js';
import { type ImportedFunction, importedFunctions } from './imported-functions.js';

/**
 * Refuses a module that declares a function of the host otherwise than it is. V8 would call it all the same and convert: an i64 would reach the host as a bigint where it wants a number.
 * That a result is not wanted does no harm. What is not known here, `instantiateGuest` refuses.
 *
 * @throws EBPM_WASM_INVALID
 */
export function refuseSignatures(module: Uint8Array, known = IMPORT_SIGNATURES): void {
  for (const declared of read(module)) {
    const own = Object.hasOwn(known, declared.module) ? known[declared.module] : undefined;
    const wanted = own !== undefined && Object.hasOwn(own, declared.name) ? own[declared.name] : undefined;
    if (wanted === undefined || fits(declared.signature, wanted)) continue;
    throw new EbpmError(
      'EBPM_WASM_INVALID',
      `Cannot run the module: it imports ${declared.module}.${declared.name} as ${words(declared.signature)}, and it is ${words(wanted)}`,
      { hint: 'Build it with headers that declare the function as it is' },
    );
  }
}

function read(module: Uint8Array): readonly ImportedFunction[] {
  try {
    return importedFunctions(module);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EbpmError(
      'EBPM_WASM_INVALID',
      `Cannot run the module: its types have ${error.message}, which no guest has`,
      {
        cause: error,
      },
    );
  }
}

function fits(declared: string, wanted: string): boolean {
  return declared === wanted || declared === wanted.slice(0, wanted.indexOf(':') + 1);
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
