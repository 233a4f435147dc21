import { checkAll } from './checks.mjs';
import { runTool, say } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm test`: set-up, the checks of the repository, then every test. Ends with `N passed, N failed`.
setUp(['build', 'compile', 'lab', 's3', 'test']);
checkAll();
say('Running all tests');
runTool('vitest', ['run', ...process.argv.slice(2)]);
