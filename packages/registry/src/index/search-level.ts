/** Package ids are below this, so that `level * LEVEL_STEP + id` keeps both, and stays exact as a number. */
export const LEVEL_STEP = 2 ** 32;

/** How much a package is used, as a small number: two steps for each doubling of its downloads, so that it seldom changes. */
export function levelOf(downloads: number): number {
  return Math.floor(2 * Math.log2(1 + downloads));
}
