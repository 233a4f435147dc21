/** The parts of a list as flags and variables have it: separated by commas, blanks around them and empty parts left out. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
