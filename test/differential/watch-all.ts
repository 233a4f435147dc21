import { fileURLToPath } from 'node:url';
import { runInLab } from '@ebpm/lab';
import { guestFiles } from '../../packages/cli/src/guest-files.js';
import { buildExample } from '../kernels/build-example.js';
import { buildProgram } from '../kernels/build-program.js';
import { BUNDLE, LAB_CACHE } from '../kernels/installation.js';
import { type Actors, COMPARISONS, EXAMPLES, LIBBPF_TOOLS, TOOLS } from './comparisons.js';

/** What watch.mjs wrote down. */
export interface Watched extends Actors {
  readonly tools: Readonly<
    Record<string, { readonly code: number | null; readonly stdout: string; readonly stderr: string }>
  >;
}

const DEADLINE_MS = 600_000;

/** Lets all tools watch one workload in one lab kernel, at the same time. */
export async function watchAll(kernel: '6.1' | '6.12', folder: string): Promise<Watched> {
  const request = {
    tools: TOOLS,
    workload: ['/test/workload', '/test/plan'],
    programIdsPath: '/test/program-ids',
    lineBuffered: '/test/libstdbuf.so',
  };
  const { results, stderr, exitCode } = await runInLab({
    kernel,
    cacheDir: LAB_CACHE,
    command: ['node', '/test/watch.mjs', '/test/request', '/test/result'],
    files: {
      ...guestFiles(BUNDLE),
      ...Object.fromEntries(
        await Promise.all(EXAMPLES.map(async (name) => [`/test/${name}.json`, await buildExample(name, folder)])),
      ),
      ...Object.fromEntries(LIBBPF_TOOLS.map((name) => [`/test/bin/${name}`, `/usr/sbin/${name}`])),
      '/test/bin/bpftrace': '/usr/bin/bpftrace',
      '/test/libstdbuf.so': '/usr/libexec/coreutils/libstdbuf.so',
      '/test/watch.mjs': fileURLToPath(new URL('watch.mjs', import.meta.url)),
      '/test/watch.bt': fileURLToPath(new URL('watch.bt', import.meta.url)),
      '/test/workload': buildProgram('workload', folder),
      '/test/program-ids': buildProgram('program-ids', folder),
      '/test/plan': Buffer.from(COMPARISONS.flatMap(({ plan }) => plan).join('\n')),
      '/test/request': Buffer.from(JSON.stringify(request)),
    },
    results: ['/test/result'],
    deadlineMs: DEADLINE_MS,
  });
  const result = results['/test/result'];
  if (result === undefined) throw new Error(`watch.mjs ended with ${exitCode} and wrote nothing:\n${stderr}`);
  return JSON.parse(Buffer.from(result).toString('utf8'));
}
