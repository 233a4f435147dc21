import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The root of this repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs a command in the root with its output shown, and ends this process with its code when it fails. */
export function runStep(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Runs a program of node_modules/.bin. */
export function runTool(name, args, options) {
  runStep(process.execPath, [fileURLToPath(import.meta.resolve(TOOLS[name])), ...args], options);
}

const TOOLS = {
  biome: '../node_modules/@biomejs/biome/bin/biome',
  tsc: '../node_modules/typescript/bin/tsc',
  vitest: '../node_modules/vitest/vitest.mjs',
};

/** Says what is about to happen, on stderr. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}
