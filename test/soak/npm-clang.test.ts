import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { wasmOf } from '../../packages/compiler/test/guest/wasm-module.js';
import { EBPM, ROOT } from '../kernels/installation.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';

const folder = temporaryFolder('npm-clang');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The package has 100 MB, so it is no dependency, and a test run does without it.
it('ebpm build compiles a guest in C with @yowasp/clang where the system has nothing for WASM', {
  timeout: 600_000,
}, () => {
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '@yowasp/clang@22.0.0-git20542-10'], {
    stdio: 'ignore',
  });
  // The kernel half is the system clang's, which finds no part for WASM.
  const bin = `${folder}/bin`;
  cpSync(`${ROOT}examples/bootstrap-wasm`, `${folder}/bootstrap`, { recursive: true, dereference: true });
  mkdirSync(bin);
  writeFileSync(
    `${bin}/clang`,
    '#!/bin/sh\ncase "$*" in *wasm32*) echo nowhere;; *) exec /usr/bin/clang "$@";; esac\n',
  );
  chmodSync(`${bin}/clang`, 0o755);
  symlinkSync('/usr/bin/llvm-strip', `${bin}/llvm-strip`);
  const PATH = `${bin}:${folder}/node_modules/.bin:/usr/sbin`;
  execFileSync(process.execPath, [EBPM, 'build', `${folder}/bootstrap`], { env: { ...process.env, PATH } });
  const { exports, objects } = wasmOf({ bytes: readFileSync(`${folder}/bootstrap/dist/app.wasm`) });
  expect(exports).toEqual(expect.arrayContaining(['_start', '__indirect_function_table']));
  expect(objects).toEqual([['handle_exec', 'handle_exit']]);
});
