import { importedFunctions } from './imported-functions.js';

/** Whether a module imports a function. One whose imports cannot be read does not: nothing runs it. */
export function importsFunction(bytes: Uint8Array, module: string, name: string): boolean {
  try {
    return importedFunctions(bytes).some((one) => one.module === module && one.name === name);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
