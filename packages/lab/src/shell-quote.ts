/** Writes words so that a POSIX shell reads them back as they are (POSIX.1-2017, Shell Command Language, 2.2.2 Single-Quotes). */
export function shellQuote(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}
