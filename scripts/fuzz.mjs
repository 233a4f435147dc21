import { runTool } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm run fuzz`: mutants against every reader and against the open path, and how much of the readers they reach.
// `npm run fuzz -- prebuilt`: against the open path of the published package, with its own libbpf (`npm run dist` makes it).

/** Inputs of each reader. */
process.env.EBPM_FUZZ_INPUTS ??= '60000';
const FORMATS = ['archive-entries', 'base64', 'eunomia-package', 'json-text', 'manifest'];
const READERS = [
  'packages/object/src/**',
  'packages/formats/src/{tar-,unpack-,inflate}*.ts',
  'packages/formats/src/package-{content,json,kind,object}.ts',
  `packages/formats/src/{${FORMATS.join(',')}}.ts`,
  'packages/runner/src/symbols/{executable-symbols,kernel-symbols,perf-map,process-maps,symbol-table}.ts',
  'packages/runner/src/record/{byte-reader,read-recording,recorded-stream,recorded-symbols,replay,replay-stream,stack-look}.ts',
  'packages/runner/src/trace/trace-lines.ts',
  'packages/events/src/record-type-json.ts',
  'packages/cli/src/background/log-reader.ts',
];

setUp(['build', 'compile']);
if (process.argv[2] === 'prebuilt') fuzzPrebuilt();
else fuzz();

function fuzzPrebuilt() {
  const env = { ...process.env, EBPM_TEST_ADDON: 'prebuilt' };
  runTool('vitest', ['run', '--project', 'fuzz', 'test/fuzz/open-path.test.ts'], { env });
}

function fuzz() {
  runTool('vitest', [
    'run',
    '--project',
    'fuzz',
    '--coverage.enabled',
    '--coverage.provider=v8',
    '--coverage.reporter=text',
    '--coverage.thresholds.lines=95',
    // Made for others to write with, or by the lab alone.
    '--coverage.exclude=**/{index,errors,btf-extension,checked-object}.ts',
    ...READERS.map((glob) => `--coverage.include=${glob}`),
  ]);
}
