import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Runs AssemblyScript's compiler for `ebpm build`, in a process of its own: compiler, project, library, entry, output.
const [compiler, project, library, entry, output] = process.argv.slice(2);
/** What the compiler is told the library's folder is called: nothing of this machine's folders is in its messages or its output. */
const LIBRARY = 'ebpm-library';

const { default: asc } = await import(pathToFileURL(compiler).href);
const flags = [
  [entry, '--outFile', 'app.wasm', '--noColors'],
  ['--optimizeLevel', '3', '--shrinkLevel', '1', '--runtime', 'incremental'],
  // A command of WASI: what stands outside of functions runs when the host says so.
  ['--exportStart', '_start', '--exportTable'],
  ['--lib', LIBRARY],
  // Their own ask a browser, or Node.
  ...['abort', 'console', 'performance', 'process', 'seed', 'trace'].map((name) => [
    '--use',
    `${name}=~lib/ebpm/${name}`,
  ]),
].flat();
const { error } = await asc.main(flags, {
  stdout: process.stderr,
  stderr: process.stderr,
  readFile: (name, folder) => text(name, folder),
  writeFile: (_, bytes) => writeFileSync(output, bytes),
  listFiles: (folder) => (folder === LIBRARY ? ['ebpm.ts'] : []),
  transforms: [{ afterCompile: nameTable }],
});
if (error) process.exitCode = 1;

/** No settings of the project: they could name code that the compiler runs. */
function text(name, folder) {
  if (name.endsWith('asconfig.json')) return null;
  try {
    return readFileSync(join(folder === LIBRARY ? library : project, name), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  }
}

/** As hosts of wasm-bpf look for it. A module that calls nothing through its table has none. */
function nameTable(module) {
  if (module.getTable('0') === 0) return;
  module.removeExport('table');
  module.addTableExport('0', '__indirect_function_table');
}
