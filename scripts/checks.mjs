import { runStep, runTool, say } from './run-step.mjs';

const SCRIPTS = [
  ['check-imports.mjs'],
  ['check-errors.mjs'],
  ['check-run-path.mjs'],
  ['generate-schemas.mjs', '--check'],
  ['notices.mjs', '--check'],
];

/** Format, lint, types of the tests, and what the design promises about the tree. */
export function checkAll() {
  say('Checking format, lint, types and architecture');
  const toStderr = { stdio: ['ignore', 2, 2] };
  runTool('biome', ['ci', '--error-on-warnings', '.'], toStderr);
  runTool('tsc', ['-p', 'tsconfig.test.json'], toStderr);
  for (const [script, ...args] of SCRIPTS) runStep(process.execPath, [`scripts/${script}`, ...args], toStderr);
}

if (process.argv[1] === new URL(import.meta.url).pathname) checkAll();
