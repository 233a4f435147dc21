import { minimalBtf } from '@ebpm/loader';
import { packageFactsKind, validate } from '@ebpm/schemas';
import { readEunomiaPackage } from '../../packages/formats/src/eunomia-package.js';
import { MANIFEST_FILE, readManifest } from '../../packages/formats/src/manifest.js';
import { readPackageContent } from '../../packages/formats/src/package-content.js';
import { sniffPackage } from '../../packages/formats/src/package-kind.js';
import type { TarFile } from '../../packages/formats/src/tar-file.js';
import { readTarEntries } from '../../packages/formats/src/tar-stream.js';
import { unpackTar } from '../../packages/formats/src/unpack-tar.js';
import type { BpfObject } from '../../packages/object/src/bpf-object.js';
import type { Btf } from '../../packages/object/src/btf.js';
import { argumentUses } from '../../packages/object/src/core/argument-uses.js';
import { reachPoison } from '../../packages/object/src/core/reach-poison.js';
import { resolveRelocations } from '../../packages/object/src/core/resolve-relocations.js';
import { structOpsTables } from '../../packages/object/src/core/struct-ops-tables.js';
import { factsBytes, packageFacts } from '../../packages/object/src/facts/package-facts.js';
import { internalMapName } from '../../packages/object/src/internal-map-name.js';
import { importProblem } from '../../packages/object/src/module/import-problem.js';
import { importsFunction } from '../../packages/object/src/module/imports-function.js';
import { moduleProblem } from '../../packages/object/src/module/module-problem.js';
import { openBtf } from '../../packages/object/src/open-btf.js';
import { outputCalls } from '../../packages/object/src/output-calls.js';
import { asksOf } from '../../packages/object/src/permissions/asks.js';
import { compareFacts } from '../../packages/object/src/permissions/compare-facts.js';
import { exceedingFacts } from '../../packages/object/src/permissions/exceeding-facts.js';
import { judge } from '../../packages/object/src/permissions/judge.js';
import { programKind } from '../../packages/object/src/program-kind.js';
import { readBtf } from '../../packages/object/src/read-btf.js';
import { readElf } from '../../packages/object/src/read-elf.js';
import { readObject } from '../../packages/object/src/read-object.js';
import { usesKernelBtf } from '../../packages/object/src/uses-kernel-btf.js';
import { stripFixture } from '../../packages/object/test/compile-fixture.js';
import { openPackage } from '../../packages/runner/src/inputs/open-package.js';
import { foreignInputs } from '../kernels/foreign-inputs.js';
import { mutateBtf } from './mutate/btf.js';
import type { Mutate } from './mutate/bytes.js';
import { mutateCode } from './mutate/code.js';
import { mutateElf } from './mutate/elf.js';
import { mutateJson } from './mutate/json.js';
import { mutateTar } from './mutate/tar.js';
import { mutateWasm } from './mutate/wasm.js';
import { RUN_TARGETS } from './run-targets.js';
import {
  btfArchiveSeeds,
  btfSeeds,
  codeSeeds,
  elfSeeds,
  importSeeds,
  kernelBtfSeeds,
  manifestSeeds,
  oldPackageSeeds,
  packageSeeds,
  relocationSeeds,
  tarSeeds,
  wasmSeeds,
} from './seeds.js';

/** A reader of something from outside, and what it is fed with. */
export interface Target {
  readonly seeds: () => readonly Uint8Array[];
  readonly mutate: Mutate;
  /** May throw an EbpmError and nothing else. What it accepts is looked at from all sides. */
  readonly read: (bytes: Uint8Array) => void | Promise<void>;
  /** Passes over what it cannot read, and refuses nothing. */
  readonly isTolerant?: boolean;
}

/** The object that metadata alone belongs to. */
const OBJECT = foreignInputs().object;

/** Objects with relocations, some of whose types the seeds of kernels' BTF have. */
const RELOCATED = [stripFixture('core').bytes, ...relocationSeeds()];

/** Stands for a kernel's BTF. */
const [KERNEL_BTF = new Uint8Array()] = kernelBtfSeeds();

/** What packages are compared with. */
const [BEFORE] = codeSeeds().map((bytes) => packageFacts([{ path: 'file', bytes }]));

/** Every reader. */
export const TARGETS: Readonly<Record<string, Target>> = {
  'ELF objects': { seeds: elfSeeds, mutate: mutateElf, read: readWholeObject },
  code: { seeds: codeSeeds, mutate: mutateCode, read: judgeFile, isTolerant: true },
  'WASM modules': { seeds: wasmSeeds, mutate: mutateWasm, read: judgeFile, isTolerant: true },
  'imports of modules': { seeds: importSeeds, mutate: mutateWasm, read: readImports, isTolerant: true },
  BTF: { seeds: btfSeeds, mutate: mutateBtf, read: (bytes) => followTypes(readBtf(bytes)) },
  'BTF of kernels': {
    seeds: kernelBtfSeeds,
    mutate: mutateBtf,
    read: (bytes) => {
      followTypes(openBtf(bytes));
      for (const object of RELOCATED) resolve(object, bytes);
    },
  },
  'relocated code': {
    seeds: relocationSeeds,
    mutate: mutateCode,
    read: (bytes) => resolve(bytes, KERNEL_BTF),
    isTolerant: true,
  },
  packages: { seeds: packageSeeds, mutate: mutateJson, read: readPackage },
  'old packages': { seeds: oldPackageSeeds, mutate: mutateJson, read: readPackage },
  'BTF archives': { seeds: btfArchiveSeeds, mutate: mutateTar, read: readPackage },
  manifests: { seeds: manifestSeeds, mutate: mutateJson, read: (bytes) => void readManifest(bytes) },
  archives: { seeds: tarSeeds, mutate: mutateTar, read: readArchive },
  'archives of bundles': { seeds: tarSeeds, mutate: mutateTar, read: readLargeArchive },
  ...RUN_TARGETS,
};

/** As the reader of packages does, and then as `ebpm run` does. Metadata alone gets an object to go with it. */
function readPackage(bytes: Uint8Array): void {
  sniffPackage(bytes);
  const content = readPackageContent(bytes, 'package.json');
  if ('object' in content) readWholeObject(content.object);
  if (content.kind === 'eunomia') readEunomiaPackage(bytes);
  openPackage(bytes, content.kind === 'skel' ? { object: OBJECT } : {});
}

function readWholeObject(bytes: Uint8Array): void {
  const object = readObject(bytes);
  followObject(object);
  outputCalls(bytes, object.maps);
  judgeFile(bytes);
  // Its own types stand for a kernel's, so that there is something to find.
  const own = readElf(bytes).sections.find(({ name }) => name === '.BTF')?.bytes;
  if (own !== undefined) resolve(bytes, own);
  if (usesKernelBtf(object) === 'for_core') minimalBtf(KERNEL_BTF, object);
}

function resolve(bytes: Uint8Array, kernel: Uint8Array): void {
  const elf = readElf(bytes);
  const object = readObject(bytes);
  const resolved = resolveRelocations({ elf, object, kernel: openBtf(kernel) });
  reachPoison({ elf, object, resolved, settings: SETTINGS });
  structOpsTables(elf, object);
  argumentUses({ elf, object, places: () => [0, 8, 16] });
}

/** Of the two that programs ask for, one is known. */
const SETTINGS = new Map([['LINUX_KERNEL_VERSION', 0x6_0c_00n]]);

/** Facts have a form of their own, whatever they are of, and are the same each time. */
function judgeFile(bytes: Uint8Array): void {
  const facts = packageFacts([{ path: 'file', bytes }]);
  if (!validate(packageFactsKind, facts).ok) throw new Error('the facts are not as their schema says');
  asksOf(facts, judge(facts));
  if (BEFORE !== undefined) compareFacts(BEFORE, facts);
  for (const object of facts.objects) exceedingFacts(BEFORE?.objects ?? [], object);
  const again = factsBytes(packageFacts([{ path: 'file', bytes }]));
  if (!Buffer.from(factsBytes(facts)).equals(again)) throw new Error('the facts differ the second time');
}

/** As they are found before a module runs: whatever is in it, there is an answer. */
function readImports(bytes: Uint8Array): void {
  importProblem(bytes);
  importsFunction(bytes, 'env', 'f');
  moduleProblem(bytes);
}

function readArchive(bytes: Uint8Array): void {
  const manifest = unpackTar(bytes).find(({ path }) => path === MANIFEST_FILE);
  if (manifest !== undefined) readManifest(manifest.bytes);
}

/** What is read one entry at a time is what is read as a whole. */
async function readLargeArchive(bytes: Uint8Array): Promise<void> {
  const source = { sizeBytes: bytes.length, read: async (at: number, size: number) => bytes.subarray(at, at + size) };
  const entries: TarFile[] = [];
  for await (const entry of readTarEntries(source)) entries.push(entry);
  if (JSON.stringify(textOf(unpackTar(bytes))) !== JSON.stringify(textOf(entries))) throw new Error('they differ');
}

function textOf(files: readonly TarFile[]): readonly string[] {
  return files.map(({ path, bytes }) => `${path} ${Buffer.from(bytes).toString('hex')}`);
}

function followObject(object: BpfObject): void {
  if (object.btf !== undefined) followTypes(object.btf);
  for (const program of object.programs) programKind(program.section);
  for (const { name, bytes, sizeBytes, variables } of object.dataSections) {
    internalMapName('fuzzed_bpf', name);
    const outside = variables.some((variable) => variable.offsetBytes + variable.sizeBytes > sizeBytes);
    if (outside || (bytes !== undefined && bytes.length !== sizeBytes)) throw new Error('a variable lies outside');
  }
}

function followTypes(btf: Btf): void {
  for (let id = 0; id < btf.count; id++) {
    const type = btf.type(id);
    btf.resolve(id);
    if (btf.hasSize(id)) btf.sizeOf(id);
    refusedOrNot(() => btf.nameOf(id));
    if ('name' in type) btf.find(type.name);
  }
}

/** C text has a limit of its own, past which a type is still a type. */
function refusedOrNot(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

/** Whether an error is one of ours; the class is loaded twice here, from source and as built. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('EBPM_');
}
