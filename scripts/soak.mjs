import { runStep, runTool } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm run soak`: what takes longer than a test run may. The last result stands in docs/soak.md.
setUp(['build', 'compile', 'lab', 's3', 'unit', 'test', 'prebuild', 'differential']);
for (const major of ['22', '24']) runStep(process.execPath, ['scripts/test-node.mjs', major]);
runStep(process.execPath, ['scripts/fuzz.mjs']);
killOften();
resolveMuch();
runTool('vitest', ['run', '--project', 'differential']);
runStep(process.execPath, ['scripts/dist.mjs']);
runStep(process.execPath, ['scripts/fuzz.mjs', 'prebuilt']);
testPrebuilt();
process.env['EBPM_SOAK_MS'] = '300000';
runTool('vitest', ['run', '--project', 'faults', 'test/e2e/registry-s3.test.ts', '-t', 'four replicas']);
runTool('vitest', ['run', '--project', 'soak']);
runStep(process.execPath, ['scripts/hostile.mjs']);

/** Registry, client and store are killed in every test run, here as often as it takes to meet every moment of what they do. */
function killOften() {
  const tests = ['client-kill', 'registry-kill', 'store-races'].map((name) => `test/e2e/${name}.test.ts`);
  for (const [times, files] of [
    ['100', tests.slice(0, 2)],
    ['200', tests.slice(2)],
  ]) {
    runTool('vitest', ['run', '--project', 'faults', ...files], { env: { ...process.env, EBPM_TEST_KILLS: times } });
  }
}

/** Random packages, versions of which are chosen by the resolver and by trying everything: 400 in a test run. */
function resolveMuch() {
  const env = { ...process.env, EBPM_TEST_UNIVERSES: '10000' };
  runTool('vitest', ['run', '--project', 'unit', 'packages/client/test/resolve'], { env });
}

/** Every kernel test, with the addon that is published. */
function testPrebuilt() {
  runTool('vitest', ['run', '--project', 'kernel'], { env: { ...process.env, EBPM_TEST_ADDON: 'prebuilt' } });
}
