import { writeFileSync } from 'node:fs';

/**
 * A vitest reporter that ends the run with one line `N passed, N failed` (and `, N skipped` where there are any); for a run that is one of
 * several, the counts go to the file that EBPM_TEST_COUNTS names instead.
 */
export default class PassedFailedReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) count[test.result().state] += 1;
      // A module whose import or hook fails has no failed test of its own, but nothing in it was proved.
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed')) count.failed += 1;
    }
    const { passed, failed } = count;
    const skipped = count.skipped + count.pending;
    const file = process.env.EBPM_TEST_COUNTS;
    if (file === undefined) process.stdout.write(`\n${sentence(passed, failed, skipped)}\n`);
    else writeFileSync(file, JSON.stringify({ passed, failed, skipped }));
  }
}

/** How every run of the tests ends. */
export function sentence(passed, failed, skipped) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
