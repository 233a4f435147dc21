import { runTool } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm run hostile`: many more hostile requests to every route of the registry than a test run sends, and slow clients until they are cut off.
setUp(['build', 'test']);
process.env.EBPM_HOSTILE_REQUESTS ??= '50000';
process.env.EBPM_SOAK = '1';
runTool('vitest', ['run', '--project', 'unit', 'packages/registry/test/hostile-requests.test.ts']);
runTool('vitest', ['run', '--project', 'e2e', 'test/e2e/hostile-clients.test.ts']);
