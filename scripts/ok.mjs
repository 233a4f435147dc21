import { checkAll } from './checks.mjs';
import { runStep, runTool, say } from './run-step.mjs';

// `npm run ok`: one command that says whether all is well, without kernels or servers.
runTool('tsc', ['-b']);
runStep(process.execPath, ['scripts/bundle.mjs']);
checkAll();
runTool('vitest', ['run', '--project', 'unit']);
say('ok');
