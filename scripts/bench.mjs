import { runStep } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm run bench`: medians of interleaved runs, as ratios. It reports what it measured and judges nothing.
setUp(['build', 'compile', 's3', 'bench']);
runStep(process.execPath, ['bench/main.mjs']);
