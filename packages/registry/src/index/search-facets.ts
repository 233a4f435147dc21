// What a package can be filtered by, as words of the full-text index: `ƒƒƒ`, the kind, and the value in hex, so that nothing that stands
// in a manifest can look like anything else, in a column that words never look at. All begin alike, so that the index of prefixes stays small.

import { PROGRAM_TYPES, type ProgramType, programKind } from '@ebpm/object';
import { type KernelRelease, oldestKernel } from './kernel-needs.js';
import { searchWords } from './search-words.js';

/** What facets are made from. */
export interface FacetSource {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** libbpf's names of the sections that programs are in. */
  readonly sections: readonly string[];
  /** The opaque id of who published the version that is shown. */
  readonly publisher: string;
  /** The opaque ids of the owners of a private package; of a public one nobody asks. */
  readonly readers: readonly string[];
}

/** All facets of a package. */
export function facetsOf({ manifest, sections, publisher, readers }: FacetSource): string[] {
  const kernel = oldestKernel(manifest['kernel'], sections);
  return [
    ...typesOf(sections).map(typeFacet),
    ...strings(manifest['keywords']).map(keywordFacet),
    ...strings(manifest['authors']).flatMap((author) => authorWords(author).map(authorFacet)),
    ...(kernel === undefined ? [] : [kernelFacet(kernel), majorFacet(kernel.major)]),
    publisherFacet(publisher),
    ...readers.map(readerFacet),
  ];
}

/** The facet of a type of programs: libbpf's name of a section (`fentry`, `tc`) or the kernel's of a type (`tracing`, `sched_cls`). */
export const typeFacet = (type: string) => facet('type', type);

/** The facet of a keyword, in any case. */
export const keywordFacet = (keyword: string) => facet('keyword', keyword.normalize('NFKC').toLowerCase());

/** The facet of a word of an author's name. */
export const authorFacet = (word: string) => facet('author', word);

/** The facet of who published. */
export const publisherFacet = (user: string) => facet('publisher', user);

/** The facet of a private package that this user or organisation owns. */
export const readerFacet = (owner: string) => facet('reader', owner);

/** The facets that say: needs no later kernel than this. Whole series before it, and each release of its own. */
export function kernelFacets({ major, minor }: KernelRelease): string[] {
  const series = Array.from({ length: Math.min(major, MAX_MAJOR + 1) }, (_, older) => majorFacet(older));
  const releases = Array.from({ length: Math.min(minor, MAX_MINOR) + 1 }, (_, n) => kernelFacet({ major, minor: n }));
  return [...series, ...releases];
}

/** Whether `type:` can ask for it. */
export function isSearchableType(type: string): boolean {
  return (PROGRAM_TYPES as readonly string[]).includes(type) || programKind(type)?.prefix === type;
}

/** The words of an author's name, without the mail address: `Jane Doe <jane@example.org>`. */
export function authorWords(author: string): string[] {
  return searchWords(author.replace(/<[^>]*>/g, ' '));
}

/** No kernel has come near: numbers above it are somebody's joke, and are all the same. */
const MAX_MAJOR = 30;
const MAX_MINOR = 60;

function kernelFacet({ major, minor }: KernelRelease): string {
  return facet('kernel', `${Math.min(major, MAX_MAJOR)}.${Math.min(minor, MAX_MINOR)}`);
}

function majorFacet(major: number): string {
  return facet('major', String(Math.min(major, MAX_MAJOR)));
}

function typesOf(sections: readonly string[]): string[] {
  const types = sections.map((section) => programKind(section)?.type);
  return [...new Set([...sections, ...types.filter((type): type is ProgramType => type !== undefined)])];
}

function facet(kind: string, value: string): string {
  return `ƒƒƒ${kind}${Buffer.from(value).toString('hex')}`;
}

/** The log is older than any schema that it passed. */
function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
