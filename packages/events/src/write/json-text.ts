import { DANGEROUS } from '../printable.js';

/**
 * A text as a JSON string. Beyond what JSON demands, all that `printable` would escape is written as `\u` escapes, so that a reader gets
 * the exact text and a terminal sees nothing that it would obey.
 */
export function jsonText(text: string): string {
  return JSON.stringify(text).replace(DANGEROUS, escapeUnits);
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let index = 0; index < character.length; index += 1) {
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
