import { readFileSync, rmSync } from 'node:fs';
import { kernelBtf } from '@ebpm/lab';
import { minimalBtf } from '@ebpm/loader';
import { openBtf, reachPoison, readElf, readObject, resolveRelocations } from '@ebpm/object';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileFixture } from '../support/compile-fixture.js';
import { buildProgram } from './build-program.js';
import { coreLogs } from './core-log.js';
import { LAB_CACHE } from './installation.js';
import { KERNELS, type Kernel } from './kernels.js';
import { temporaryFolder } from './temporary-folder.js';

const TEST_MS = 100_000;
const folder = temporaryFolder('core-guards');
const bytes = compileFixture(new URL('fixtures/core-guards.bpf.c', import.meta.url));
const object = readObject(bytes);
const elf = readElf(bytes);
let program = '';

beforeAll(() => {
  program = buildProgram('core-log', folder, ['-lbpf', '-lelf', '-lz']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(KERNELS)('reachPoison() on $name', (kernel) => {
  it('reachPoison() comes where the verifier comes, program by program', { timeout: TEST_MS }, async () => {
    const whole = await btfOf(kernel);
    // libbpf reads it for each program.
    const btf = minimalBtf(whole, object)?.bytes ?? whole;
    const names = object.programs.map(({ name }) => name);
    const cases = names.map((name) => ({ name, object: bytes, btf: 'kernel', programs: [name] }));
    const options = { kernel, program, folder, btfs: { kernel: btf }, deadlineMs: TEST_MS };
    const logs = await coreLogs(cases, options);
    const seen = Object.fromEntries(names.map((name) => [name, logs.get(name)?.verifier]));
    expect(seen).toEqual(Object.fromEntries(names.map((name) => [name, expected(whole, name)])));
    expect(new Set(Object.values(seen))).toEqual(new Set(['loaded', 'poison']));
  });
});

/** What the verifier should say of a program that is loaded alone. */
function expected(kernel: Uint8Array, name: string): 'loaded' | 'poison' {
  const alone = { ...object, programs: object.programs.filter((one) => one.name === name) };
  const resolved = resolveRelocations({ elf, object: alone, kernel: openBtf(kernel) });
  // What is asked of it here is the same on all kernels of the tests.
  const settings = new Map([['LINUX_KERNEL_VERSION', 0x6_0000n]]);
  return reachPoison({ elf, object: alone, resolved, settings }).length === 0 ? 'loaded' : 'poison';
}

async function btfOf({ version }: Kernel): Promise<Uint8Array> {
  return version === undefined ? readFileSync('/sys/kernel/btf/vmlinux') : kernelBtf(version, { cacheDir: LAB_CACHE });
}
