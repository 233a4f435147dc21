import type { CoreRelocationKind } from '../../src/bpf-object.js';
import { type CoreOutcome, type ResolvedRelocation, resolveRelocations } from '../../src/core/resolve-relocations.js';
import { type OpenBtf, openBtf } from '../../src/open-btf.js';
import { readElf } from '../../src/read-elf.js';
import { objectOf } from '../../src/read-object.js';
import { compileText } from '../compile-text.js';

/** A kernel with the types of the variables of a C text. */
export function kernelOf(text: string): OpenBtf {
  const btf = readElf(compileText(text)).sections.find(({ name }) => name === '.BTF')?.bytes;
  if (btf === undefined) throw new Error('the text has no types');
  return openBtf(btf);
}

/** What becomes of the relocations of an object against a kernel. */
export function resolveBytes(bytes: Uint8Array, kernel: OpenBtf): readonly ResolvedRelocation[] {
  const elf = readElf(bytes);
  return resolveRelocations({ elf, object: objectOf(elf), kernel });
}

/** A program and a kernel, as C texts. `$` in a name makes it one of this case alone. */
export interface ResolveCase {
  /** What the object says of the kernel's types; structs have preserve_access_index. */
  readonly types: string;
  /** Of a function with a `struct s$ *s`. */
  readonly body: string;
  readonly kernel: string;
}

/**
 * What becomes of the relocations of each case, as texts: `byte_offset: 0 -> 8`, `byte_offset: poisoned no_field task.pid`. All of them are
 * compiled at once.
 */
export function resolveCases(cases: readonly ResolveCase[]): readonly (readonly string[])[] {
  const alone = (text: string, index: number) => text.replaceAll('$', `_${index}`);
  const programs = cases.map(({ types, body }, index) =>
    alone(`${types}\nSEC("raw_tp/x") long program$(struct s$ *s) { ${body} }\n`, index),
  );
  const kernels = cases.map(({ kernel }, index) => alone(`${kernel}\n`, index));
  const resolved = resolveBytes(compileText(preserved(programs.join(''))), kernelOf(kernels.join('')));
  return cases.map((_case, index) => {
    const own = resolved.filter(({ program }) => program.name === `program_${index}`);
    return textsOf(own).map((text) => text.replaceAll(`_${index}`, ''));
  });
}

function preserved(text: string): string {
  const attribute = '__attribute__((preserve_access_index)), apply_to = record';
  return `#pragma clang attribute push (${attribute})\n${text}\n#pragma clang attribute pop`;
}

/** Outcomes as texts. */
export function textsOf(resolved: readonly ResolvedRelocation[]): readonly string[] {
  return resolved.map(({ relocation, outcome }) => `${short(relocation.kind)}: ${outcomeText(outcome)}`);
}

function outcomeText(outcome: CoreOutcome): string {
  if (outcome.kind === 'patched') {
    const { original, value, size } = outcome;
    return `${original} -> ${value}${size === undefined ? '' : `, ${size.original} -> ${size.value} bytes`}`;
  }
  const { code, subject, wanted, found } = outcome.miss;
  return `${outcome.kind} ${code} ${subject}${wanted === undefined ? '' : ` (${wanted}, ${found})`}`;
}

function short(kind: CoreRelocationKind): string {
  return kind.replace(/^field_/, '');
}
