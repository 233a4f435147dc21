import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInLab } from '@ebpm/lab';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compared } from './agreement/compared.js';
import { type CompiledCase, compileCases } from './agreement/compile-cases.js';
import { buildExample } from './build-example.js';
import { ADDON, LAB_CACHE, ROOT } from './installation.js';
import { KERNELS, type Kernel } from './kernels.js';
import { packagedExamples } from './packaged-examples.js';
import { temporaryFolder } from './temporary-folder.js';

/** On a quiet machine it takes a tenth of this. */
const DEADLINE_MS = 280_000;

/** As many objects that break one thing, and the examples. */
const MIN_CASES = 100;

const folder = temporaryFolder('agreement');
/** What the driver is given, by name of the file. */
const files: Record<string, Uint8Array> = {};

beforeAll(async () => {
  const { objects, cases } = compileCases(folder);
  for (const [name, bytes] of objects) files[name] = bytes;
  const examples = packagedExamples();
  for (const name of examples) files[`${name}.json`] = readFileSync(await buildExample(name, folder));
  const ofExamples = examples.map((name) => ({ name, object: `${name}.json`, program: undefined }));
  files['cases.json'] = Buffer.from(JSON.stringify([...cases, ...ofExamples] satisfies CompiledCase[]));
  await build({
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    entryPoints: [fileURLToPath(new URL('agreement/drive.ts', import.meta.url))],
    outfile: `${folder}/drive.mjs`,
    // What the command line's dependencies are written in asks for it.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
  files['drive.mjs'] = readFileSync(`${folder}/drive.mjs`);
  files['ebpm_loader.node'] = readFileSync(ADDON);
}, DEADLINE_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(KERNELS)('ebpm check on $name', (kernel) => {
  it('checkPackage() says what the kernel then does, but for what is listed', { timeout: DEADLINE_MS }, async () => {
    const compared = await compareOn(kernel);
    const wrong = compared.filter(({ verdict, error }) => verdict !== (error === undefined ? 'RUN' : 'WILL NOT RUN'));
    const said = wrong.map(({ name, verdict, error }) => [name, `${verdict}, and ${error ?? 'it runs'}`] as const);
    expect(Object.keys(Object.fromEntries(said)).sort(), JSON.stringify(said)).toEqual(listed());
    // What a run with CAP_BPF leaves open is the verifier's alone.
    expect(compared.filter(({ verdict }) => verdict === 'UNKNOWN')).toEqual([]);
    // The verdict stays what it is; of what would show nonsense, and of nothing else, check warns.
    const warned = compared.filter((one) => one.warned.length > 0);
    expect(warned.map(({ name }) => name).sort(), JSON.stringify(warned)).toEqual(
      compared
        .map(({ name }) => name)
        .filter((name) => name.endsWith('_other_type'))
        .sort(),
    );
    const counts = [compared.filter(({ error }) => error === undefined).length, compared.length];
    console.log(`${counts[0]} of ${counts[1]} objects run on ${kernel.name}; check was wrong about ${wrong.length}`);
    expect(compared.length).toBeGreaterThan(MIN_CASES);
  });
});

/** What docs/check.md says check does not know, by the names of cases. */
function listed(): readonly string[] {
  const [, section = ''] = readFileSync(`${ROOT}docs/check.md`, 'utf8').split(
    '## Where the kernel does something else\n',
  );
  return Array.from(section.matchAll(/^\| `(\w+)` \|/gm), ([, name = '']) => name).sort();
}

async function compareOn({ version }: Kernel): Promise<readonly Compared[]> {
  if (version === undefined) return compareHere();
  const { results, stderr, exitCode } = await runInLab({
    kernel: version,
    cacheDir: LAB_CACHE,
    command: ['node', '/test/drive.mjs', '/test', '/test/result'],
    files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`/test/${name}`, bytes])),
    results: ['/test/result'],
    deadlineMs: DEADLINE_MS,
  });
  const bytes = results['/test/result'];
  if (bytes === undefined) throw new Error(`drive.mjs ended with ${exitCode} and wrote nothing:\n${stderr}`);
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

/** In namespaces of its own: nothing of this machine's network and mounts is touched. */
function compareHere(): readonly Compared[] {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(`${folder}/${name}`, bytes);
  const words = ['--net', '--mount', process.execPath, `${folder}/drive.mjs`, folder, `${folder}/result`];
  const { status, stderr } = spawnSync('unshare', words, { encoding: 'utf8', timeout: DEADLINE_MS });
  if (status !== 0) throw new Error(`drive.mjs ended with ${status}:\n${stderr}`);
  return JSON.parse(readFileSync(`${folder}/result`, 'utf8'));
}
