import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelBtf, prepareKernel, runInLab } from '@ebpm/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUEST_COMMAND, guestFiles } from '../../packages/cli/src/guest-files.js';
import { type SystemNames, thisSystem } from '../../packages/runner/src/kernel-btf/this-system.js';
import { foreignInputs } from './foreign-inputs.js';
import { BUNDLE, EBPM, LAB_CACHE } from './installation.js';
import { KERNELS, type Kernel } from './kernels.js';
import { temporaryFolder } from './temporary-folder.js';

/** No process has this number: the kernel's largest is 4194304 (include/linux/threads.h, PID_MAX_LIMIT). */
const NOBODY = 4_194_305;
const ROUNDS = 10;
const KILLS = Array.from({ length: ROUNDS }, () => [
  [NOBODY, 10],
  [NOBODY, 12],
]).flat();

const DRIVER = fileURLToPath(new URL('run-inputs.mjs', import.meta.url));
const OS_RELEASE = 'ID=lab\nVERSION_ID="1.0"\n';
/** A mount namespace in which the kernel shows no BTF. */
const WITHOUT_BTF = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /sys/kernel/btf && exec "$@"', 'sh'];

/** How each input is run; paths are below the folder of inputs. The first releases' package asks for signal 10 alone. */
const RUNS = {
  'a package of the first releases': { file: 'seed', option: '--only_pid', signals: [10], hidden: false },
  'a package of early 2023': { file: 'mid', option: '--only-pid', signals: [10, 12], hidden: false },
  'metadata with its object': { file: 'foreign.skel.json', option: '--only-pid', signals: [10, 12], hidden: false },
  'an object alone': { file: 'foreign.bpf.o', option: '--only_pid', signals: [10, 12], hidden: false },
  "an archive with this kernel's BTF": { file: 'archive', option: '--only_pid', signals: [10, 12], hidden: true },
  // Only where starting is cheap: where the BTF comes from makes no difference to the kernel.
  'an object with BTF in a folder': { file: 'core.o', option: '--only_pid', signals: [10, 12], hidden: true },
} as const;

interface Result {
  readonly pid: number;
  readonly comm: string;
  readonly ends: Readonly<Record<string, { readonly code: number; readonly stdout: string; readonly stderr: string }>>;
}

const inputs = foreignInputs();
const folder = temporaryFolder('inputs');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(KERNELS)('on $name', (kernel) => {
  let result: Result;
  beforeAll(async () => {
    result = await runInputs(kernel);
  }, 300_000);

  it.each(runsOn(kernel))('ebpm run prints exactly the events of %s', (run, { signals }) => {
    const { pid, comm, ends } = result;
    const end = ends[run];
    expect(end?.stderr).toMatch(/^\w+: attached 1 program, Ctrl-C ends$/m);
    const lines = (end?.stdout ?? '').split('\n').filter((line) => line.startsWith('{"pid"'));
    const line = (sig: number) =>
      `{"pid":${pid},"tpid":${NOBODY},"sig":${sig},"comm":"${comm}","both":${(BigInt(NOBODY) << 32n) | BigInt(sig)}}`;
    expect(lines).toEqual(Array.from({ length: ROUNDS }, () => signals.map(line)).flat());
    expect(end?.code).toBe(0);
  });
});

function runsOn({ version }: Kernel) {
  return Object.entries(RUNS).filter(([, { file }]) => version === undefined || file !== 'core.o');
}

/** All inputs in one boot, side by side: starting each takes seconds in an emulated kernel. */
async function runInputs(kernel: Kernel): Promise<Result> {
  const { btf, system } = await kernelFacts(kernel);
  const entry = `${system.distribution}/${system.version}/${system.machine}/${system.release}.btf`;
  const files: Readonly<Record<string, string | Uint8Array>> = {
    seed: inputs.seed,
    mid: inputs.mid,
    'foreign.skel.json': inputs.skel,
    'foreign.bpf.o': inputs.object,
    'core.o': inputs.core,
    archive: inputs.tar({ [entry]: btf }),
    ...(kernel.version === undefined ? { [`btf/${entry}`]: btf } : {}),
  };
  if (kernel.version === undefined) return runHere(kernel, files);
  const { results: written, stderr } = await runInLab({
    kernel: kernel.version,
    cacheDir: LAB_CACHE,
    command: ['node', '/test/run-inputs.mjs', '/test/request', '/test/result'],
    files: {
      ...guestFiles(BUNDLE),
      ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`/in/${path}`, Buffer.from(content)])),
      '/etc/os-release': Buffer.from(OS_RELEASE),
      '/test/run-inputs.mjs': DRIVER,
      '/test/request': Buffer.from(JSON.stringify(requestFor(kernel, '/in', GUEST_COMMAND))),
    },
    results: ['/test/result'],
    deadlineMs: 280_000,
  });
  if (written['/test/result'] === undefined) throw new Error(`run-inputs.mjs wrote nothing:\n${stderr}`);
  return JSON.parse(Buffer.from(written['/test/result']).toString('utf8'));
}

async function kernelFacts({ version }: Kernel): Promise<{ readonly btf: Uint8Array; readonly system: SystemNames }> {
  if (version === undefined) return { btf: readFileSync('/sys/kernel/btf/vmlinux'), system: thisSystem() };
  const options = { cacheDir: LAB_CACHE };
  const { release } = await prepareKernel(version, options);
  const system = { distribution: 'lab', version: '1.0', machine: 'x86_64', release };
  return { btf: await kernelBtf(version, options), system };
}

function runHere(kernel: Kernel, files: Readonly<Record<string, string | Uint8Array>>): Result {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, 'in', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'in', path), content);
  }
  const [request, result] = [join(folder, 'request'), join(folder, 'result')];
  writeFileSync(request, JSON.stringify(requestFor(kernel, join(folder, 'in'), [process.execPath, EBPM])));
  const { stderr } = spawnSync(process.execPath, [DRIVER, request, result], { encoding: 'utf8', timeout: 90_000 });
  try {
    return JSON.parse(readFileSync(result, 'utf8'));
  } catch (cause) {
    throw new Error(`run-inputs.mjs wrote nothing:\n${stderr}`, { cause });
  }
}

function requestFor(kernel: Kernel, place: string, ebpm: readonly string[]) {
  const runs = runsOn(kernel).map(([name, { file, option, signals, hidden }]) => {
    const own = ['run', '--json', '--max-events', String(ROUNDS * signals.length)];
    const words = [...(hidden ? WITHOUT_BTF : []), ...ebpm, ...own, join(place, file), option, 'SELF'];
    return [name, { words, env: file === 'core.o' ? { BTF_FILE_PATH: join(place, 'btf') } : {} }];
  });
  return { runs: Object.fromEntries(runs), kills: KILLS };
}
