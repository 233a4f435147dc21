import { runStep, runTool } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm run soak`: what takes longer than a test run may. The last result stands in docs/soak.md.
setUp(['build', 'compile', 'lab', 's3', 'unit', 'test', 'differential']);
for (const major of ['22', '24']) runStep(process.execPath, ['scripts/test-node.mjs', major]);
runStep(process.execPath, ['scripts/fuzz.mjs']);
runTool('vitest', ['run', '--project', 'differential']);
process.env['EBPM_SOAK_MS'] = '300000';
runTool('vitest', ['run', '--project', 'e2e', 'test/e2e/registry-s3.test.ts', '-t', 'four replicas']);
runTool('vitest', ['run', '--project', 'soak']);
