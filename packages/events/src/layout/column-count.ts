/** The terminal columns of a text that is printable: combining marks take none, East Asian letters and emoji two. */
export function columnCount(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOf(character);
  return columns;
}

/** As many characters of a text as fit into so many columns; where not all do, the last column is an ellipsis. */
export function clipText(text: string, columns: number): string {
  if (columnCount(text) <= columns) return text;
  let clipped = '';
  let used = 1;
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns) break;
    clipped += character;
  }
  return columns > 0 ? `${clipped}…` : '';
}

function columnsOf(character: string): number {
  return NARROW.test(character) ? 1 : MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

const NARROW = /[ -~]/;
const MARK = /\p{M}/u;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/u;
