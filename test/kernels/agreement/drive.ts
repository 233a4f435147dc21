// Runs in a kernel: asks check about each case of a folder, then loads and attaches it, and writes down both. All in one process, since
// starting processes is what takes time in a lab. Usage: node drive.mjs FOLDER RESULT
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { minimalKernelBtf, openObject, type ProgramType, programTypeOf, type Targets } from '@ebpm/loader';
import { programKind, usesKernelBtf } from '@ebpm/object';
import { checkPackage, type Host, openPackage, type RunnablePackage, thisHost } from '@ebpm/runner';
import type { Compared } from './compared.js';
import type { CompiledCase } from './compile-cases.js';

function main(folder: string, resultPath: string): void {
  const cases: readonly CompiledCase[] = JSON.parse(readFileSync(`${folder}/cases.json`, 'utf8'));
  const host = thisHost();
  const objects = new Map(
    [...new Set(cases.map(({ object }) => object))].map((name) => [name, openObjectOf(name, folder)]),
  );
  const cgroup = makeCgroup();
  try {
    const compared = cases.map((one) => compare(one, objects, host, cgroup));
    writeFileSync(resultPath, JSON.stringify(compared));
  } finally {
    rmdirSync(cgroup);
  }
}

/** A package, and what libbpf needs of the kernel's BTF for it: both take long where the processor is emulated. */
interface Opened {
  readonly pkg: RunnablePackage;
  readonly btf: Uint8Array | undefined;
}

function openObjectOf(name: string, folder: string): Opened {
  const pkg = openPackage(readFileSync(`${folder}/${name}`), { source: name });
  return { pkg, btf: minimalKernelBtf({ ...pkg.object, programs: [] }) };
}

function compare(
  { name, object, program }: CompiledCase,
  objects: ReadonlyMap<string, Opened>,
  host: Host,
  cgroup: string,
): Compared {
  const from = performance.now();
  const opened = objects.get(object);
  if (opened === undefined) throw new TypeError(`there is no object ${object}`);
  const pkg = onlyWith(opened.pkg, program);
  const { verdict, findings } = checkPackage(pkg, host);
  const checkedAt = performance.now();
  const error = start(pkg, opened.btf, targetsOf(pkg, cgroup));
  const times = [checkedAt - from, performance.now() - checkedAt].map(Math.round);
  const open = findings.filter(({ outcome }) => outcome === 'missing' || outcome === 'unknown');
  const warned = findings.filter(({ code, outcome }) => code === 'argument_type' && outcome === 'warning');
  return {
    name,
    verdict,
    reasons: open.map(({ code, reason }) => `${code}: ${reason}`),
    warned: warned.map(({ reason }) => reason),
    error,
    times,
  };
}

/** As if the object had no other program. */
function onlyWith(pkg: RunnablePackage, program: string | undefined): RunnablePackage {
  const programs = pkg.object.programs.filter(({ name }) => program === undefined || name === program);
  return { ...pkg, object: { ...pkg.object, programs } };
}

/** Undefined where it is loaded and attached, else why it is not. */
function start(
  { name, checked, object }: RunnablePackage,
  btf: Uint8Array | undefined,
  targets: Targets,
): string | undefined {
  try {
    const open = openObject(checked, { name, btf: usesKernelBtf(object) === 'for_core' ? btf : undefined });
    const wanted = new Set(object.programs.map((program) => program.name));
    for (const program of open.programs) if (!wanted.has(program.name)) open.setAutoload(program.name, false);
    open.load().attach({ targets }).close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Places that are this process's own, for the programs that are attached to one. */
function targetsOf({ object }: RunnablePackage, cgroup: string): Targets {
  const wanted = new Set(object.programs.flatMap(({ section }) => rowOf(section)?.targets ?? []));
  return {
    ...(wanted.has('ifname') && { ifname: 'lo' }),
    ...(wanted.has('cgroup') && { cgroup }),
    ...(wanted.has('pid') && { pid: process.pid }),
  };
}

function rowOf(section: string): ProgramType | undefined {
  const kind = programKind(section);
  return kind === undefined ? undefined : programTypeOf(kind);
}

/** In a place where cgroups of the second kind are mounted, or can be. */
function makeCgroup(): string {
  if (!existsSync('/sys/fs/cgroup/cgroup.controllers')) {
    execFileSync('mount', ['-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup']);
  }
  const path = `/sys/fs/cgroup/ebpm-agreement-${process.pid}`;
  mkdirSync(path);
  return path;
}

const [, , folder = '', resultPath = ''] = process.argv;
main(folder, resultPath);
