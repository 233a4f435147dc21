import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Races, kills, full disks and an S3 server, whose ports are fixed: so they run one after another. */
const FAULTS = [
  'client-kill',
  'log-races',
  'publish-races',
  'registry-kill',
  'registry-s3',
  'store-full-disk',
  'store-races',
  'store-s3',
].map((name) => `test/e2e/${name}.test.ts`);

/**
 * The kinds of test: `unit` needs nothing but Node, `kernel` boots real kernels, `e2e` starts real processes, `faults` kills them and races them on real stores, `fuzz` feeds the
 * readers with mutants (a few in `npm test`, very many in `npm run soak`), `differential` and `soak` (in `npm run soak`) compare with other tools and take long.
 * `prebuilt` and `published` test what `npm run dist` made: the examples with the prebuilt addon, and installing.
 */
export default defineConfig({
  test: {
    reporters: ['default', './scripts/passed-failed-reporter.mjs'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'schemas/test/**/*.test.ts'],
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: FAULTS,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'faults',
          include: FAULTS,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'kernel',
          include: ['test/kernels/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      { test: { name: 'differential', include: ['test/differential/**/*.test.ts'], fileParallelism: false } },
      {
        test: {
          name: 'prebuilt',
          include: ['test/kernels/examples.test.ts'],
          env: { EBPM_TEST_ADDON: 'prebuilt', EBPM_TEST_KERNEL: '6.1' },
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'published',
          include: ['test/published/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      { test: { name: 'soak', include: ['test/soak/**/*.test.ts'], fileParallelism: false } },
      {
        test: {
          name: 'fuzz',
          include: ['test/fuzz/**/*.test.ts'],
          // What readers are made of in other packages is read from its source, so that its lines count.
          alias: { '@ebpm/events': fileURLToPath(new URL('packages/events/src/index.ts', import.meta.url)) },
        },
      },
    ],
  },
});
