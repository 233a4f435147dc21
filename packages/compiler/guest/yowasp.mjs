import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Runs the clang of @yowasp/clang for `ebpm build`, in a process of its own: compiler, folder, output, then clang's arguments. It sees
// the files of that folder, and nothing else.
const [compiler, folder, output, ...args] = process.argv.slice(2);
const { commands } = await import(pathToFileURL(compiler).href);
const write = (bytes) => bytes && process.stderr.write(bytes);
try {
  const files = await commands.clang(args, tree(folder), { stdout: write, stderr: write, fetchProgress: () => {} });
  writeFileSync(output, files['app.wasm']);
} catch (error) {
  if (typeof error.code !== 'number') throw error;
  process.exitCode = error.code || 1;
}

function tree(path) {
  const entries = readdirSync(path, { withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const inside = join(path, entry.name);
      return [entry.name, entry.isDirectory() ? tree(inside) : readFileSync(inside)];
    }),
  );
}
