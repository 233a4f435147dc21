import { readModule } from './read-module.js';

/** Whether a module imports a function. One that cannot be read does not: nothing runs it. */
export function importsFunction(bytes: Uint8Array, module: string, name: string): boolean {
  try {
    return readModule(bytes).imports.some((one) => one.module === module && one.name === name);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
