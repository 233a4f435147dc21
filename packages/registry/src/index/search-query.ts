import { EbpmError } from '@ebpm/formats';
import { isPermissionClass, PERMISSION_CLASSES, type PermissionClass } from '@ebpm/object';
import { SEARCH_LIMITS } from '../limits.js';
import { type KernelRelease, parseRelease } from './kernel-needs.js';
import { isSearchableType } from './search-facets.js';
import { searchWords } from './search-words.js';

/** What a person typed, understood. All of it must hold. */
export interface SearchQuery {
  readonly words: readonly string[];
  readonly types: readonly string[];
  readonly permissions: readonly PermissionClass[];
  readonly keywords: readonly string[];
  readonly authors: readonly string[];
  /** The package needs no later kernel than these. */
  readonly kernels: readonly KernelRelease[];
}

/** Keys that make a filter of a word; everything else with a colon is words. */
const FILTER = /^(permission|type|kernel|author|keyword):(.*)$/is;

/**
 * Takes what was typed apart: `net type:xdp kernel:<=5.10`. Words and filters that are too many are not looked at.
 * @throws EBPM_SEARCH_FILTER_INVALID
 */
export function parseSearchQuery(text: string): SearchQuery {
  const parts = text.split(/\s+/u).filter((part) => part !== '');
  const filters = parts.map((part) => FILTER.exec(part)).filter((match) => match !== null);
  const plain = parts.filter((part) => !FILTER.test(part)).join(' ');
  const query = {
    types: [] as string[],
    permissions: [] as PermissionClass[],
    keywords: [] as string[],
    authors: [] as string[],
    kernels: [] as KernelRelease[],
  };
  for (const [part, key = '', value = ''] of filters.slice(0, SEARCH_LIMITS.filters)) {
    if (value === '') throw filterInvalid(part, 'nothing stands behind the colon');
    switch (key.toLowerCase()) {
      case 'type':
        query.types.push(checkedType(part, value.toLowerCase()));
        break;
      case 'kernel':
        query.kernels.push(checkedKernel(part, value));
        break;
      case 'keyword':
        query.keywords.push(value);
        break;
      case 'author':
        query.authors.push(value);
        break;
      default:
        query.permissions.push(checkedPermission(part, value.toLowerCase()));
    }
  }
  return { words: searchWords(plain).slice(0, SEARCH_LIMITS.words), ...query };
}

/** Whether nothing is asked for. */
export function isEmptyQuery(query: SearchQuery): boolean {
  return Object.values(query).every(({ length }) => length === 0);
}

function checkedType(part: string, type: string): string {
  if (isSearchableType(type)) return type;
  throw filterInvalid(part, 'there is no such type of programs; wanted one such as type:xdp, type:kprobe or type:tc');
}

function checkedKernel(part: string, value: string): KernelRelease {
  const release = parseRelease(value.replace(/^<=/, ''));
  if (release !== undefined) return release;
  throw filterInvalid(part, 'wanted a release such as kernel:<=5.10, for packages that need no later one');
}

function checkedPermission(part: string, permission: string): PermissionClass {
  if (isPermissionClass(permission)) return permission;
  throw filterInvalid(
    part,
    `there is no such class of permissions; wanted one of ${Object.keys(PERMISSION_CLASSES).join(', ')}`,
  );
}

function filterInvalid(part: string, reason: string): EbpmError {
  return new EbpmError('EBPM_SEARCH_FILTER_INVALID', `Cannot search for "${part}": ${reason}`);
}
