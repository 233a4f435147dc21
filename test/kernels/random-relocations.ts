import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Btf, type BtfComposite, type BtfEnum, type BtfMember, type BtfType, readBtf } from '@ebpm/object';

/** What is asked of a kernel's types: fields, their sizes and signs, types and values, of many structs and enums. */
export interface RandomRelocationsOptions {
  readonly folder: string;
  readonly name: string;
  /** The kernel that the object is compiled for. */
  readonly btf: Uint8Array;
  readonly seed: number;
  readonly structs: number;
}

/**
 * An object with a program for each of some structs of a kernel, picked at random: reads, offsets, sizes, signs and shifts of its fields, also in
 * structs and arrays inside it, and whether all of it exists. For other kernels, much of that is elsewhere, other, or gone.
 */
export function randomRelocations(options: RandomRelocationsOptions): Uint8Array {
  const { folder, name, btf: bytes, seed, structs } = options;
  const include = kernelTypes(folder, name, bytes);
  const source = join(folder, `${name}.bpf.c`);
  writeFileSync(source, new Generator(readBtf(bytes), seed).source(structs));
  return compileFor(source, include);
}

/** A folder with the vmlinux.h of a kernel. */
export function kernelTypes(folder: string, name: string, btf: Uint8Array): string {
  const include = join(folder, `${name}-include`);
  mkdirSync(include, { recursive: true });
  writeFileSync(join(include, 'vmlinux.btf'), btf);
  const dump = ['btf', 'dump', 'file', join(include, 'vmlinux.btf'), 'format', 'c'];
  writeFileSync(join(include, 'vmlinux.h'), execFileSync('bpftool', dump, { maxBuffer: 64 * 1024 * 1024 }));
  return include;
}

/** Compiles a source that includes vmlinux.h; gives the object, which lies beside that header. */
export function compileFor(source: string, include: string): Uint8Array {
  const object = join(include, `${basename(source, '.bpf.c')}.o`);
  const flags = ['-target', 'bpf', '-g', '-O2', '-w', '-D__TARGET_ARCH_x86', '-isystem', include];
  execFileSync('clang', [...flags, '-c', source, '-o', object]);
  execFileSync('llvm-strip', ['-g', object]);
  return new Uint8Array(readFileSync(object));
}

const HEAD = `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
`;

/** The kinds of questions about fields, as the compiler numbers them. */
const QUESTIONS = { offset: 0, size: 1, exists: 2, signed: 3, leftShift: 4, rightShift: 5 } as const;

class Generator {
  readonly #btf: Btf;
  /** How many enums have a value of that name: C knows only one of them. */
  readonly #valueCounts = new Map<string, number>();
  #state: number;

  constructor(btf: Btf, seed: number) {
    this.#btf = btf;
    this.#state = seed;
    for (const { values } of [...btf.ofKind('enum'), ...btf.ofKind('enum64')] as readonly BtfEnum[]) {
      for (const { name } of values) this.#valueCounts.set(name, (this.#valueCounts.get(name) ?? 0) + 1);
    }
  }

  source(count: number): string {
    const structs = this.#pick(this.#named('struct', 'union'), count);
    const programs = structs.map((type, index) => this.#program(type as BtfComposite, index));
    const enums = this.#pick(this.#named('enum', 'enum64'), count / 2);
    const typedefs = this.#pick(this.#named('typedef'), count / 2);
    const values = enums.map((type) => this.#values(type)).join('');
    const types = typedefs.map(({ name }) => `  r += bpf_core_type_exists(${name});\n`).join('');
    return `${HEAD}${programs.join('')}${program('values', 'void', values)}${program('types', 'void', types)}
char LICENSE[] SEC("license") = "GPL";\n`;
  }

  /** Types that C can name: those of a name that others have too are called otherwise in vmlinux.h. */
  #named(...kinds: readonly BtfType['kind'][]): readonly BtfType[] {
    const byName = new Map<string, BtfType[]>();
    for (const type of kinds.flatMap((kind) => [...this.#btf.ofKind(kind)])) {
      byName.set(type.name, [...(byName.get(type.name) ?? []), type]);
    }
    return [...byName].flatMap(([name, types]) => (/^[a-z]\w*$/i.test(name) && types.length === 1 ? types : []));
  }

  #program(type: BtfComposite, index: number): string {
    const word = `${type.kind} ${type.name}`;
    const fields = this.#pick(this.#fields(type, 0), 6).map((field) => this.#questions(field));
    const whole = `  r += bpf_core_type_exists(${word}) + bpf_core_type_size(${word});\n`;
    return program(`random_${index}`, word, fields.join('') + whole);
  }

  /** Fields of a type, with what is inside them. */
  #fields(type: BtfComposite, level: number): readonly Field[] {
    if (level > 2) return [];
    return type.members.flatMap((member): readonly Field[] => {
      const inside = this.#btf.resolve(member.typeId);
      if (member.name === '') return isComposite(inside) ? this.#fields(inside, level + 1) : [];
      const own = { path: member.name, member };
      if (isComposite(inside)) return [own, ...this.#inside(inside, member.name, level)];
      if (inside.kind !== 'array') return [own];
      const element = this.#btf.resolve(inside.elementTypeId);
      const path = `${member.name}[${this.#random(Math.max(inside.length, 1))}]`;
      const elements = isComposite(element) ? this.#inside(element, path, level) : [];
      return [own, { path, member: undefined }, ...elements];
    });
  }

  #inside(type: BtfComposite, path: string, level: number): readonly Field[] {
    return this.#pick(this.#fields(type, level + 1), 2).map(({ path: rest, member }) => ({
      path: `${path}.${rest}`,
      member,
    }));
  }

  #questions({ path, member }: Field): string {
    const ask = (...numbers: readonly number[]) =>
      numbers.map((number) => `  r += __builtin_preserve_field_info(p->${path}, ${number});\n`).join('');
    const { offset, size, exists, signed, leftShift, rightShift } = QUESTIONS;
    if (member === undefined) return ask(offset, size, exists);
    const { id, kind } = this.#btf.resolve(member.typeId);
    // clang shifts no larger ones.
    const isNumber = (kind === 'int' || kind === 'enum' || kind === 'enum64') && this.#btf.sizeOf(id) <= 8;
    const all = ask(offset, size, exists, ...(isNumber ? [signed, leftShift, rightShift] : []));
    const isRead = member.bitfieldBits === 0 && (isNumber || kind === 'ptr');
    return isRead ? `${all}  r += (long)p->${path};\n` : all;
  }

  #values(type: BtfType): string {
    if (type.kind !== 'enum' && type.kind !== 'enum64') return '';
    const values = type.values.filter(({ name }) => this.#valueCounts.get(name) === 1);
    return this.#pick(values, 2)
      .map(({ name }) => `enum ${type.name}, ${name}`)
      .map((value) => `  r += bpf_core_enum_value_exists(${value}) + bpf_core_enum_value(${value});\n`)
      .join('');
  }

  #pick<Item>(items: readonly Item[], count: number): readonly Item[] {
    const left = [...items];
    return Array.from({ length: Math.min(Math.floor(count), left.length) }, () => {
      return left.splice(this.#random(left.length), 1)[0] as Item;
    });
  }

  /** A number below `end`, the same each time for a seed. */
  #random(end: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * end);
  }
}

interface Field {
  readonly path: string;
  /** Undefined for an element of an array. */
  readonly member: BtfMember | undefined;
}

function program(name: string, type: string, body: string): string {
  return `SEC("raw_tp/x") long ${name}(${type} *p)\n{\n  long r = 0;\n${body}  return r;\n}\n`;
}

function isComposite(type: BtfType): type is BtfComposite {
  return type.kind === 'struct' || type.kind === 'union';
}
