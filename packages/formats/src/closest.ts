/** Longer words are not compared: nobody mistypes one letter of them and means another. */
const MAX_LENGTH = 100;

/** The word that somebody meant who typed another one: the nearest, where it is near; of several the first. */
export function closest(typed: string, words: Iterable<string>): string | undefined {
  let best: { readonly word: string; readonly edits: number } | undefined;
  const most = Math.max(1, Math.floor(typed.length / 3));
  for (const word of words) {
    if (word.length > MAX_LENGTH || Math.abs(word.length - typed.length) > most) continue;
    const edits = editsBetween(typed, word);
    if (edits <= most && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = { word, edits };
  }
  return best?.word;
}

/** Letters added, dropped or replaced, and neighbours exchanged (Damerau 1964, each letter in one edit at most). */
function editsBetween(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= from.length; row++) {
    const edits = [row];
    rows.push(edits);
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isExchanged = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      edits.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isExchanged ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
