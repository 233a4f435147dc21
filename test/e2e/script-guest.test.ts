import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { runEbpm } from './run-ebpm.js';

const folder = temporaryFolder('script-guest');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOME = join(folder, 'home');
const KERNEL_HALF = `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
SEC("tracepoint/sched/sched_process_exec") int on_exec(void *ctx) { return 0; }
char LICENSE[] SEC("license") = "GPL";
`;

/** Builds a module of that source, and runs it with a word and a variable. */
async function built(name: string, source: string, ...flags: readonly string[]) {
  const project = join(folder, name);
  mkdirSync(project);
  const manifest = { manifest: 1, name, version: '1.0.0', entry: 'app.wasm', wasi: { env: ['COLOUR'] } };
  writeFileSync(join(project, 'ebpm.json'), JSON.stringify(manifest));
  writeFileSync(join(project, 'kernel.bpf.c'), KERNEL_HALF);
  writeFileSync(join(project, 'app.ts'), source);
  const env = { EBPM_HOME: HOME, COLOUR: 'blue=green' };
  expect(await runEbpm(['build', project], { env })).toMatchObject({ exitCode: 0 });
  return await runEbpm(['run', ...flags, join(project, 'dist/app.wasm'), 'word'], { env });
}

it.each([
  ['console', 'console.log("said");\n', 'said\n'],
  ['process', 'if (process.argv.length != 2) unreachable();\n', ''],
  ['nothing', 'let number = 1;\n', ''],
])('a guest in AssemblyScript that uses %s alone is built, and runs', async (name, source, stdout) => {
  expect(await built(`alone-${name}`, source)).toMatchObject({ exitCode: 0, stdout });
});

it('a guest in AssemblyScript has console, process and performance, as far as its host has what they tell', async () => {
  const source = `
import { now } from "ebpm";
console.log(process.argv.join(" ") + " " + process.env.get("COLOUR") + " " + process.env.size.toString());
console.info("info");
console.debug("debug");
console.warn("warning");
console.error("error");
console.assert(process.platform == "wasm" && process.arch == "wasm32", "never said");
console.assert(false);
console.assert(false, "that");
const seconds = process.time() / 1000 - <i64>(now() / 1000000000);
const apart = <f64>process.hrtime() / 1000000 - performance.now();
process.exit(seconds >= -1 && seconds <= 1 && apart <= 0 && apart > -1000 ? 5 : 6);
`;
  const { exitCode, stdout, stderr } = await built('all', source, '--allow=wasi:env');
  expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: 'app.wasm word blue=green 1\ninfo\ndebug\n' });
  expect(stderr).toContain('warning\nerror\nAssertion failed\nAssertion failed: that\n');
});
