import { basename } from 'node:path';
import { transform } from 'esbuild';

/**
 * Makes CommonJS of the ES modules that a split bundle consists of, since esbuild splits nothing else. Node reads CommonJS at once and in
 * one thread; of an ES module it waits for other threads, and it lists all that each module of its own exports, which loads half of them.
 *
 * @param outputs of esbuild's `build` with `splitting` and without writing; `{path, text}` each
 * @returns the same files
 */
export function toCommonJs(outputs) {
  const names = new Set(outputs.map(({ path }) => basename(path)));
  return Promise.all(outputs.map(async ({ path, text }) => ({ path, text: await commonJs(text, names) })));
}

async function commonJs(text, names) {
  const lazy = text.replace(LAZY_IMPORT, (whole, name) =>
    names.has(name) ? `Promise.resolve().then(()=>require("./${name}"))` : whole,
  );
  const { code, warnings } = await transform(lazy, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    define: { 'import.meta.url': THIS_FILE },
    banner: lazy.includes('import.meta.url')
      ? `const ${THIS_FILE}=require("node:url").pathToFileURL(__filename).href;`
      : '',
  });
  for (const { text: warning } of warnings) throw new Error(`the bundle cannot be CommonJS: ${warning}`);
  return withLateBuiltins(code);
}

/**
 * Has the dearer of Node's modules loaded by the first who uses something of them, and not by every file that names them: `node:crypto`
 * alone takes milliseconds, and most commands hash nothing.
 */
export function withLateBuiltins(code) {
  let late = code;
  for (const [, variable, builtin] of code.matchAll(BUILTIN_IMPORT)) {
    if (EARLY_BUILTINS.includes(builtin)) continue;
    late = late
      .replace(`${variable}=require("node:${builtin}")`, variable)
      // Without parentheses `new` would take `require` for what it constructs.
      .replaceAll(`new ${variable}.`, `new(require("node:${builtin}")).`)
      .replaceAll(`${variable}.`, `require("node:${builtin}").`);
  }
  return late;
}

/** Of names, as esbuild prints it. */
const BUILTIN_IMPORT = /\b(import_[A-Za-z0-9_]+)=require\("node:([a-z_/]+)"\)/g;

/** Those that Node has loaded before any program begins, and what is asked for again and again. */
const EARLY_BUILTINS = ['buffer', 'events', 'fs', 'os', 'path', 'process', 'url', 'util'];

/** Of another file of the bundle, as esbuild prints it. */
const LAZY_IMPORT = /\bimport\("\.\/([^"/]+)"\)/g;
const THIS_FILE = '__thisFile';
