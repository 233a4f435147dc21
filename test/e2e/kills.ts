/**
 * How often a process is killed in the tests of kills: a few times in every test run, and as often as `EBPM_TEST_KILLS` says in `npm run soak`.
 *
 * @param usual in a test run
 * @param most in any run, for what takes longer than the rest; default: no limit
 */
export function kills(usual: number, most = Number.POSITIVE_INFINITY): number {
  const wanted = process.env['EBPM_TEST_KILLS'];
  return wanted === undefined ? usual : Math.min(Number(wanted), most);
}
