import { type ImportProblem, importProblem, STARTS } from './import-problem.js';
import { readModule } from './read-module.js';

/** V8's WebAssembly as far as it is used here; Node's own types leave it to the DOM's. */
const { Module } = (
  globalThis as unknown as { readonly WebAssembly: { readonly Module: new (bytes: Uint8Array) => object } }
).WebAssembly;

/** What a module cannot be run for, as `ebpm run` finds it before anything of it runs; undefined where there is nothing. */
export function moduleProblem(bytes: Uint8Array): ImportProblem | undefined {
  try {
    new Module(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { reason: reason.replace(/^WebAssembly\.\w+\(\): /, ''), hint: HOW_TO_BUILD };
  }
  const problem = importProblem(bytes);
  if (problem !== undefined) return problem;
  if (readModule(bytes).exports.some((name) => STARTS.includes(name))) return undefined;
  return { reason: `it exports neither ${STARTS.map((name) => `"${name}"`).join(' nor ')}`, hint: HOW_TO_BUILD };
}

const HOW_TO_BUILD = 'docs/wasm.md says how a module is built';
