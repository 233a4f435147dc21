import { createHash } from 'node:crypto';
import { EbpmError } from '@ebpm/formats';
import { parseJson } from '../parse-json.js';
import type { Ranked } from './search-rank.js';

/** Where a page ended: the next begins with what ranks after it, whatever was published in between. */
export interface SearchCursor {
  readonly last: Ranked;
  /** The time that all pages of the search are ranked at. */
  readonly nowMs: number;
}

/** The cursor as text. Clients see no meaning in it. */
export function formatCursor(text: string, { last, nowMs }: SearchCursor): string {
  return Buffer.from(JSON.stringify([queryMark(text), last.score, last.name, nowMs])).toString('base64url');
}

/**
 * @param text the query that the cursor must belong to
 * @throws EBPM_CURSOR_INVALID when it is not one that `formatCursor` made for this text
 */
export function parseCursor(text: string, cursor: string): SearchCursor {
  const [mark, score, name, nowMs] = parseList(cursor);
  if (mark === queryMark(text) && isNumber(score) && typeof name === 'string' && isNumber(nowMs)) {
    return { last: { score, name }, nowMs };
  }
  throw new EbpmError('EBPM_CURSOR_INVALID', 'Cannot go on searching: the cursor does not belong to this query', {
    hint: 'search again without a cursor',
  });
}

function parseList(cursor: string): readonly unknown[] {
  const value = parseJson(Buffer.from(cursor, 'base64url'));
  return Array.isArray(value) ? value : [];
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function queryMark(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
