import { rmSync } from 'node:fs';
import { kernelBtf } from '@ebpm/lab';
import { openBtf, type ResolvedRelocation, readElf, readObject, resolveRelocations } from '@ebpm/object';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askWhetherTypesMatch } from '../../packages/object/test/ask-whether-types-match.js';
import { compileFixture } from '../support/compile-fixture.js';
import { compileCases } from './agreement/compile-cases.js';
import { buildProgram } from './build-program.js';
import { type CoreCase, type CoreLog, coreLogs } from './core-log.js';
import { LAB_CACHE, ROOT } from './installation.js';
import { packagedExamples } from './packaged-examples.js';
import { compileFor, kernelTypes, randomRelocations } from './random-relocations.js';
import { temporaryFolder } from './temporary-folder.js';

/** The kernels whose BTF objects are resolved against. */
const VERSIONS = ['6.1', '6.12'] as const;
const DEADLINE_MS = 280_000;
/** Of each kernel, of which fields are asked for. */
const STRUCTS = 80;

const folder = temporaryFolder('core-resolver');
const btfs: Record<string, Uint8Array> = {};
const objects = new Map<string, Uint8Array>();
let program = '';

beforeAll(async () => {
  program = buildProgram('core-log', folder, ['-lbpf', '-lelf', '-lz']);
  for (const version of VERSIONS) btfs[version] = await kernelBtf(version, { cacheDir: LAB_CACHE });
  for (const name of ['core-kinds', 'core-breaks']) {
    objects.set(name, compileFixture(new URL(`fixtures/${name}.bpf.c`, import.meta.url)));
  }
  // As `ebpm build` compiles them, in less time.
  const include = kernelTypes(folder, 'examples', btfs['6.12'] ?? new Uint8Array());
  for (const tool of packagedExamples()) {
    objects.set(tool, compileFor(`${ROOT}examples/${tool}/${tool}.bpf.c`, include));
  }
  // Those of which the agreement of check with kernels is tested; what has no relocation says nothing here.
  for (const [name, object] of compileCases(folder).objects) {
    if (readObject(object).coreRelocations.length > 0) objects.set(`case-${name.replace(/\.o$/, '')}`, object);
  }
  for (const [index, version] of VERSIONS.entries()) {
    const btf = btfs[version] ?? new Uint8Array();
    const name = `random-of-${version}`;
    const object = randomRelocations({ folder, name, btf, seed: index + 1, structs: STRUCTS });
    objects.set(name, object).set(`${name}-matching`, askWhetherTypesMatch(object));
  }
}, DEADLINE_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('resolveRelocations()', () => {
  it('resolveRelocations() decides of every relocation what libbpf decides', { timeout: DEADLINE_MS }, async () => {
    const cases = VERSIONS.flatMap((btf) => [...objects].flatMap(([name, object]) => casesOf(name, object, btf)));
    const logs = await coreLogs(cases, { program, folder, btfs, deadlineMs: DEADLINE_MS });
    const counts: Record<string, number> = {};
    for (const { name, object, btf, programs } of cases) {
      const ours = outcomes(resolve(object, btf, programs));
      expect(logs.get(name)?.relocations, `${name} against Linux ${btf}`).toEqual(ours);
      for (const outcome of Object.values(ours)) counts[kindOf(outcome)] = (counts[kindOf(outcome)] ?? 0) + 1;
    }
    console.log(`relocations: ${JSON.stringify(counts)}`);
    // What cannot be told apart proves nothing.
    expect(Object.keys(counts).sort()).toEqual(['changed', 'poisoned', 'refused', 'resized', 'the same']);
    const misses = new Set(
      VERSIONS.flatMap((btf) => missesOf(resolve(objects.get('core-breaks') ?? new Uint8Array(), btf))),
    );
    expect(misses).toEqual(new Set(BROKEN));
  });
});

/** What the programs of fixtures/core-breaks.bpf.c want, each something else. */
const BROKEN = [
  'no_type',
  'no_field',
  'field_type',
  'beyond_array',
  'no_value',
  'other_size',
  'too_far',
  'ambiguous',
  'unnamed',
];

function missesOf(resolved: readonly ResolvedRelocation[]): readonly string[] {
  return resolved.flatMap(({ outcome }) => (outcome.kind === 'patched' ? [] : [outcome.miss.code]));
}

/** One for all programs that libbpf can relocate, and one for each of some that it gives up. */
function casesOf(name: string, object: Uint8Array, btf: string): readonly CoreCase[] {
  const resolved = resolve(object, btf);
  const refused = new Set(
    resolved.filter(({ outcome }) => outcome.kind === 'refused').map(({ program }) => program.name),
  );
  const place = `${name}-on-${btf}`;
  if (refused.size === 0) return [{ name: place, object, btf }];
  const others = readObject(object).programs.filter((one) => !refused.has(one.name) && !one.section.startsWith('?'));
  return [
    { name: place, object, btf, programs: others.map((one) => one.name) },
    ...[...refused].slice(0, MAX_REFUSED).map((one) => ({ name: `${place}-${one}`, object, btf, programs: [one] })),
  ];
}

const MAX_REFUSED = 5;

function resolve(object: Uint8Array, btf: string, programs?: readonly string[]): readonly ResolvedRelocation[] {
  const isLoaded =
    programs &&
    (({ name, section }: { name: string; section: string }) => {
      return section === '.text' || programs.includes(name);
    });
  return resolveRelocations({
    elf: readElf(object),
    object: readObject(object),
    kernel: openBtf(btfs[btf] ?? new Uint8Array()),
    ...(isLoaded && { isLoaded }),
  });
}

/** As `coreLogs` has it, up to where libbpf gives up. */
function outcomes(resolved: readonly ResolvedRelocation[]): CoreLog['relocations'] {
  const refusal = resolved.findIndex(({ outcome }) => outcome.kind === 'refused');
  const seen = refusal < 0 ? resolved : resolved.slice(0, refusal + 1);
  return Object.fromEntries(
    seen.map(({ program: { name }, number, outcome }) => {
      if (outcome.kind !== 'patched') return [`${name} #${number}`, outcome.kind];
      const { original, value, size } = outcome;
      const resized = size === undefined ? '' : `, ${size.original} -> ${size.value} bytes`;
      return [`${name} #${number}`, `${original} -> ${value}${resized}`];
    }),
  );
}

function kindOf(outcome: string): string {
  const [, from, to, size] = /^(\d+) -> (\d+)(,.*)?$/.exec(outcome) ?? [];
  if (from === undefined) return outcome;
  if (size !== undefined) return 'resized';
  return from === to ? 'the same' : 'changed';
}
