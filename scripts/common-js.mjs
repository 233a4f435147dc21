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
  return code;
}

/** Of another file of the bundle, as esbuild prints it. */
const LAZY_IMPORT = /\bimport\("\.\/([^"/]+)"\)/g;
const THIS_FILE = '__thisFile';
