import { writeFileSync } from 'node:fs';

/** How many characters of a failure's message are repeated at the end of a run. */
const MESSAGE_LENGTH = 2_000;

/**
 * A vitest reporter that ends the run with what failed and one line `N passed, N failed` (and `, N skipped` where there are any); for a run that
 * is one of several, both go to the file that EBPM_TEST_COUNTS names instead.
 */
export default class PassedFailedReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    const failures = unhandledErrors.map((error) => failure('outside of any test', [error]));
    for (const module of modules) {
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === 'failed') {
          failedTests += 1;
          failures.push(failure(`${module.relativeModuleId} > ${test.fullName}`, errors));
        } else count[state] += 1;
      }
      // A module whose import or hook fails has no failed test of its own, but nothing in it was proved.
      if (module.state() === 'failed' && failedTests === 0) {
        const suites = [...module.children.allSuites()];
        failures.push(
          failure(
            module.relativeModuleId,
            [module, ...suites].flatMap((part) => part.errors()),
          ),
        );
      }
    }
    const result = {
      passed: count.passed,
      failed: failures.length,
      skipped: count.skipped + count.pending,
      failures,
    };
    const file = process.env.EBPM_TEST_COUNTS;
    if (file === undefined) process.stdout.write(`\n${ending(result)}\n`);
    else writeFileSync(file, JSON.stringify(result));
  }
}

/** How every run of the tests ends: the failures once more, since a long run has scrolled them away, then the counts. */
export function ending({ passed, failed, skipped, failures }) {
  const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return failures.length === 0 ? counts : `What failed:\n\n${failures.join('\n\n')}\n\n${counts}`;
}

function failure(where, errors) {
  return [where, ...(errors ?? []).map(ownFrames)].join('\n');
}

/** A failure's message and those lines of its stack that are the project's own. */
function ownFrames({ message, stack = '' }) {
  const own = stack.split('\n').filter((line) => /^\s+at /.test(line) && !/node_modules|node:/.test(line));
  return [message, ...own].join('\n').slice(0, MESSAGE_LENGTH);
}
