// What a package can be filtered by, as terms of the full-text index. "Needs no later kernel than 5.10" asks for a range of numbers. It is
// cut into the blocks of 1, 2, 4 ... 1,024 numbers that fill it, at most eleven, and a package has the eleven blocks that its own is in.

import {
  PERMISSION_CLASSES,
  type PermissionClass,
  PROGRAM_TYPES,
  type ProgramType,
  permissionClasses,
  programKind,
} from '@ebpm/object';
import { unpackFacts } from '../publish/packed-facts.js';
import { type KernelRelease, oldestKernel } from './kernel-needs.js';
import { facetTerm } from './search-terms.js';
import { searchWords } from './search-words.js';

/** What facets are made from. */
export interface FacetSource {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** libbpf's names of the sections that programs are in. */
  readonly sections: readonly string[];
  /** Of its facts, where somebody has looked. */
  readonly factsDigest?: string | undefined;
  /** Its facts, as `packFacts` has packed them. */
  readonly facts?: string | undefined;
  /** The opaque id of who published the version that is shown. */
  readonly publisher: string;
  /** The opaque ids of the owners of a private package; of a public one nobody asks. */
  readonly readers: readonly string[];
}

/** All facets of a package. */
export function facetsOf(source: FacetSource): string[] {
  const { manifest, sections, publisher, readers } = source;
  const kernel = oldestKernel(manifest['kernel'], sections);
  return [
    ...typesOf(sections).map(typeFacet),
    ...permissionsOf(source).map(permissionFacet),
    ...strings(manifest['keywords']).map(keywordFacet),
    ...strings(manifest['authors']).flatMap((author) => authorWords(author).map(authorFacet)),
    ...(kernel === undefined ? [] : blocksAround(numberOf(kernel))),
    publisherFacet(publisher),
    ...readers.map(readerFacet),
  ];
}

/** The facet of a type of programs: libbpf's name of a section (`fentry`, `tc`) or the kernel's of a type (`tracing`, `sched_cls`). */
export const typeFacet = (type: string) => facetTerm('type', type);

/** The facet of a class of permissions. */
export const permissionFacet = (permission: PermissionClass) => facetTerm('permission', permission);

/** The facet of a keyword, in any case. */
export const keywordFacet = (keyword: string) => facetTerm('keyword', keyword.normalize('NFKC').toLowerCase());

/** The facet of a word of an author's name. */
export const authorFacet = (word: string) => facetTerm('author', word);

/** The facet of who published. */
export const publisherFacet = (user: string) => facetTerm('publisher', user);

/** The facet of a private package that this user or organisation owns. */
export const readerFacet = (owner: string) => facetTerm('reader', owner);

/** The facets of packages that need no later kernel than this, of which each package has at most one. */
export function kernelFacets(kernel: KernelRelease): string[] {
  const end = numberOf(kernel) + 1;
  const sizes = BLOCKS.filter((height) => (end & (1 << height)) !== 0);
  return sizes.map((height) => blockFacet(height, (end >> height) - 1));
}

/** Whether `type:` can ask for it. */
export function isSearchableType(type: string): boolean {
  return (PROGRAM_TYPES as readonly string[]).includes(type) || programKind(type)?.prefix === type;
}

/** The words of an author's name, without the mail address: `Jane Doe <jane@example.org>`. */
export function authorWords(author: string): string[] {
  return searchWords(author.replace(/<[^>]*>/g, ' '));
}

/** No kernel has come near: numbers above these are somebody's joke, and are all the same. */
const MAX_MAJOR = 31;
const MAX_MINOR = 62;
/** Powers of two: 31.62 is number 2,046. */
const BLOCKS = Array.from({ length: 11 }, (_, height) => height);

function numberOf({ major, minor }: KernelRelease): number {
  return Math.min(major, MAX_MAJOR) * (MAX_MINOR + 2) + Math.min(minor, MAX_MINOR);
}

function blocksAround(kernel: number): string[] {
  return BLOCKS.map((height) => blockFacet(height, kernel >> height));
}

function blockFacet(height: number, index: number): string {
  return facetTerm('kernel', `${height}.${index}`);
}

function typesOf(sections: readonly string[]): string[] {
  const types = sections.map((section) => programKind(section)?.type);
  return [...new Set([...sections, ...types.filter((type): type is ProgramType => type !== undefined)])];
}

/** What cannot be judged may do anything: nobody hides by having more facts than the log takes. */
function permissionsOf({ factsDigest, facts }: FacetSource): readonly PermissionClass[] {
  if (factsDigest === undefined) return [];
  const known = facts === undefined ? undefined : unpackFacts(facts);
  return known === undefined ? (Object.keys(PERMISSION_CLASSES) as PermissionClass[]) : permissionClasses(known);
}

/** The log is older than any schema that it passed. */
function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
