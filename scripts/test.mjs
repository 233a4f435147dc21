import { checkAll } from './checks.mjs';
import { runStep, runTool, say } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm test`: set-up, the checks of the repository, then every test but those of `npm run soak`. Ends with `N passed, N failed`.
setUp(['build', 'compile', 'lab', 's3', 'unit', 'test', 'prebuild']);
checkAll();
// What a release is made of, since it is tested, too.
runStep(process.execPath, ['scripts/dist.mjs']);
say('Running all tests');
const projects = ['unit', 'e2e', 'kernel', 'prebuilt', 'published', 'fuzz'].flatMap((name) => ['--project', name]);
runTool('vitest', ['run', ...projects, ...process.argv.slice(2)]);
