/**
 * The words of a text as search knows them: letters and digits, lower-case, without accents and ligatures. Both what is indexed and
 * what is typed pass here, so that they meet.
 */
export function searchWords(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
  return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}
