import { createHash } from 'node:crypto';
import { EbpmError } from '@ebpm/formats';
import { SEARCH_LIMITS } from '../limits.js';

/** The cursor of the page that begins at `offset` of the results of `text`. Clients see no meaning in it. */
export function formatCursor(text: string, offset: number): string {
  return Buffer.from(`${offset}.${queryMark(text)}`).toString('base64url');
}

/**
 * Where the page of a cursor begins.
 * @throws EBPM_CURSOR_INVALID when it is not one that `formatCursor` made for this text
 */
export function parseCursor(text: string, cursor: string): number {
  const [, offset, mark] = /^(\d{1,5})\.([0-9a-f]{8})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (offset === undefined || mark !== queryMark(text) || Number(offset) > SEARCH_LIMITS.depth) {
    throw new EbpmError('EBPM_CURSOR_INVALID', 'Cannot go on searching: the cursor does not belong to this query', {
      hint: 'search again without a cursor',
    });
  }
  return Number(offset);
}

function queryMark(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
