import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readEunomiaPackage } from '@ebpm/formats';
import { kernelBtf, runInLab } from '@ebpm/lab';
import { minimalBtf } from '@ebpm/loader';
import { type BpfObject, readObject, usesKernelBtf } from '@ebpm/object';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileFixture } from '../support/compile-fixture.js';
import { buildExample } from './build-example.js';
import { buildProgram } from './build-program.js';
import { LAB_CACHE } from './installation.js';
import { KERNELS, type Kernel } from './kernels.js';
import { packagedExamples } from './packaged-examples.js';
import { temporaryFolder } from './temporary-folder.js';

const TEST_MS = 100_000;
const folder = temporaryFolder('minimal-btf');
const objects = new Map<string, Uint8Array>();
let xlated = '';

beforeAll(async () => {
  xlated = buildProgram('xlated', folder, ['-lbpf', '-lelf', '-lz']);
  objects.set('core-kinds', compileFixture(new URL('fixtures/core-kinds.bpf.c', import.meta.url)));
  for (const tool of packagedExamples()) {
    const { object } = readEunomiaPackage(readFileSync(await buildExample(tool, folder)));
    if (usesKernelBtf(readObject(object)) === 'for_core') objects.set(tool, object);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(KERNELS)('minimalBtf() on $name', (kernel) => {
  it('minimalBtf() makes libbpf load the same instructions as the whole BTF does', { timeout: TEST_MS }, async () => {
    const whole = await btfOf(kernel);
    const cases = [...objects].filter(([, bytes]) => kernel.kprobes || !needsKprobes(bytes));
    const seen = await translate(
      kernel,
      cases.map(([name, bytes]) => ({ name, bytes, btf: minimal(whole, readObject(bytes)) })),
    );
    expect(cases.map(([name]) => name)).toEqual(expect.arrayContaining(['core-kinds', 'sigsnoop', 'bootstrap']));
    for (const [name] of cases) {
      expect(seen[`${name}.whole`], name).toMatch(/^\S+ \S+ ([0-9a-f]{16})+$/m);
      expect(seen[`${name}.minimal`], name).toBe(seen[`${name}.whole`]);
    }
    // The proof that libbpf takes what it is given: with no types it loads nothing.
    expect(seen['nothing.minimal']).toBe('');
  });
});

interface Case {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly btf: Uint8Array;
}

/** What xlated prints of each object with the whole and with the minimal BTF, all in one boot. */
async function translate(kernel: Kernel, cases: readonly Case[]): Promise<Readonly<Record<string, string>>> {
  const bootstrap = cases.find(({ name }) => name === 'bootstrap');
  const nothing = minimal(await btfOf(kernel), {
    ...readObject(bootstrap?.bytes ?? new Uint8Array()),
    coreRelocations: [],
  });
  const all = [...cases, { name: 'nothing', bytes: bootstrap?.bytes ?? new Uint8Array(), btf: nothing }];
  const root = kernel.version === undefined ? folder : '/test';
  const files = Object.fromEntries(
    all.flatMap(({ name, bytes, btf }) => [
      [`${root}/${name}.o`, bytes],
      [`${root}/${name}.btf`, btf],
    ]),
  );
  const script = all
    .flatMap(({ name }) => [
      `echo "= ${name}.whole"; ./xlated ${name}.o`,
      `echo "= ${name}.minimal"; ./xlated ${name}.o ${name}.btf`,
    ])
    .join('\n');
  return sections(await runScript(kernel, `cd ${root}\n${script}\n`, files));
}

async function runScript(kernel: Kernel, script: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  if (kernel.version === undefined) {
    for (const [path, bytes] of Object.entries(files)) writeFileSync(path, bytes);
    return spawnSync('sh', ['-c', script], { encoding: 'utf8', timeout: TEST_MS }).stdout;
  }
  const { stdout } = await runInLab({
    kernel: kernel.version,
    cacheDir: LAB_CACHE,
    command: ['sh', '-c', script],
    files: { ...files, '/test/xlated': xlated },
    deadlineMs: TEST_MS,
  });
  return stdout;
}

function sections(output: string): Readonly<Record<string, string>> {
  const parts = output.split(/^= /m).slice(1);
  return Object.fromEntries(
    parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
  );
}

function minimal(kernel: Uint8Array, object: BpfObject): Uint8Array {
  const btf = minimalBtf(kernel, object);
  if (btf === undefined) throw new Error('the BTF of the kernel cannot be read');
  return btf.bytes;
}

async function btfOf({ version }: Kernel): Promise<Uint8Array> {
  return version === undefined ? readFileSync('/sys/kernel/btf/vmlinux') : kernelBtf(version, { cacheDir: LAB_CACHE });
}

function needsKprobes(object: Uint8Array): boolean {
  return readObject(object).programs.some(({ section }) => /^k(ret)?probe/.test(section));
}
