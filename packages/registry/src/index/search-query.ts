import { EbpmError } from '@ebpm/formats';
import { SEARCH_LIMITS } from '../limits.js';
import { type KernelRelease, parseRelease } from './kernel-needs.js';
import { isSearchableType } from './search-facets.js';
import { searchWords } from './search-words.js';

/** What a person typed, understood. All of it must hold. */
export interface SearchQuery {
  readonly words: readonly string[];
  readonly types: readonly string[];
  readonly keywords: readonly string[];
  readonly authors: readonly string[];
  /** The package needs no later kernel than these. */
  readonly kernels: readonly KernelRelease[];
}

/** Keys that make a filter of a word; everything else with a colon is words. */
const FILTER = /^(permission|type|kernel|author|keyword):(.*)$/is;

/**
 * Takes what was typed apart: `net type:xdp kernel:<=5.10`. Words and filters that are too many are not looked at.
 * @throws EBPM_SEARCH_FILTER_INVALID, EBPM_SEARCH_FILTER_UNKNOWN
 */
export function parseSearchQuery(text: string): SearchQuery {
  const parts = text.split(/\s+/u).filter((part) => part !== '');
  const filters = parts.map((part) => FILTER.exec(part)).filter((match) => match !== null);
  const plain = parts.filter((part) => !FILTER.test(part)).join(' ');
  const query = {
    types: [] as string[],
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
        throw permissionUnknown(part);
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

/** What a package may do is not in the log yet: to find nothing, or everything, would be a lie. */
function permissionUnknown(part: string): EbpmError {
  const message = `Cannot search for "${part}": this registry does not know the permissions of packages`;
  return new EbpmError('EBPM_SEARCH_FILTER_UNKNOWN', message, { hint: 'leave it out; type: says what programs are' });
}

function filterInvalid(part: string, reason: string): EbpmError {
  return new EbpmError('EBPM_SEARCH_FILTER_INVALID', `Cannot search for "${part}": ${reason}`);
}
