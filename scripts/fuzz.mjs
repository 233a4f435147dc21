import { runTool } from './run-step.mjs';
import { setUp } from './setup.mjs';

// `npm run fuzz`: mutants against every reader and against the open path, and how much of the readers they reach.
setUp(['build', 'compile']);
const FORMATS = ['adler32', 'archive-entries', 'base64', 'eunomia-package', 'json-text', 'manifest'];
const READERS = [
  'packages/object/src/**',
  'packages/formats/src/{tar-,unpack-,zlib-}*.ts',
  'packages/formats/src/package-{content,json,kind,object}.ts',
  `packages/formats/src/{${FORMATS.join(',')}}.ts`,
];
process.env.EBPM_FUZZ_INPUTS ??= '60000';
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
