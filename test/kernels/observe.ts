import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInLab } from '@ebpm/lab';
import { GUEST_COMMAND, guestFiles } from '../../packages/cli/src/guest-files.js';
import { BUNDLE, EBPM, LAB_CACHE } from './installation.js';
import type { Kernel } from './kernels.js';
import type { Expected } from './scenarios.js';
import { temporaryFolder } from './temporary-folder.js';

/** What is run while the workload acts. */
export interface Observation {
  readonly packagePath: string;
  /** The programs of this folder, compiled. */
  readonly workload: string;
  readonly programIds: string;
  readonly plan: readonly string[];
  /** Arguments of the tool. */
  readonly args: readonly string[];
  /** Arguments that leave out other processes: given on a machine that is not ours alone. */
  readonly onlyMine: readonly string[];
  /** Flags of ebpm; default: `--json`. */
  readonly flags?: readonly string[];
  /** How long to wait from where it says that it is attached: a guest says so of its first program. Default 0. */
  readonly settleMs?: number;
  /** For how long nothing more must come until it is ended, in milliseconds; default 700. */
  readonly quietMs?: number | undefined;
  /** What the tool asks for. */
  readonly allow?: string | undefined;
}

/** What observe.mjs wrote down of it. */
interface Observed {
  readonly pid: number;
  readonly target: number;
  readonly code: number;
  /** Bytes as Latin-1. */
  readonly stdout: string;
  readonly stderr: string;
  /** Ids of the programs that came with the run, and those of them that stayed. */
  readonly attached: readonly number[];
  readonly left: readonly number[];
}

export interface Seen extends Observed {
  readonly events: readonly Readonly<{ [field: string]: unknown }>[];
  /** The last line of JSON. */
  readonly ledger: unknown;
  /** The value that an expectation stands for. */
  resolve(value: Expected[string]): unknown;
}

/** Milliseconds that a kernel gets for each of them. */
const DEADLINE_MS = 60_000;
const DRIVER = fileURLToPath(new URL('observe.mjs', import.meta.url));

/** Runs a tool on a kernel while a workload acts, and gives everything that came of it. */
export async function observe(kernel: Kernel, observation: Observation): Promise<Seen> {
  const [seen] = await observeAll(kernel, [observation]);
  if (seen === undefined) throw new Error('observe.mjs wrote nothing');
  return seen;
}

/** The same for one tool after the other, in one boot: that takes as long as a run does. */
export async function observeAll(kernel: Kernel, observations: readonly Observation[]): Promise<readonly Seen[]> {
  const { version } = kernel;
  const records = await (version === undefined ? observeHere(observations) : observeInLab(version, observations));
  return records.map((record, index) => {
    const json = observations[index]?.flags === undefined;
    return {
      ...record,
      events: json ? lines(record.stdout).slice(0, -1).map(parsed) : [],
      ledger: json ? lines(record.stdout).slice(-1).map(parsed)[0] : undefined,
      resolve: (value) => (value === 'SELF' ? record.pid : value === 'TARGET' ? record.target : value),
    };
  });
}

async function observeInLab(
  version: '6.1' | '6.12',
  observations: readonly Observation[],
): Promise<readonly Observed[]> {
  const requests = observations.map((observation, index) =>
    requestOf(observation, GUEST_COMMAND, {
      package: `/test/${index}/package`,
      workload: `/test/${index}/workload`,
      programIds: `/test/${index}/program-ids`,
      plan: `/test/${index}/plan`,
    }),
  );
  const { results, stderr, exitCode } = await runInLab({
    kernel: version,
    cacheDir: LAB_CACHE,
    command: ['node', '/test/observe.mjs', '/test/request', '/test/result'],
    files: {
      ...guestFiles(BUNDLE),
      '/test/observe.mjs': DRIVER,
      '/test/request': Buffer.from(JSON.stringify(requests)),
      ...Object.assign({}, ...observations.map(guestFilesOf)),
    },
    results: ['/test/result'],
    deadlineMs: DEADLINE_MS * observations.length,
  });
  const result = results['/test/result'];
  if (result === undefined) throw new Error(`observe.mjs ended with ${exitCode} and wrote nothing:\n${stderr}`);
  return JSON.parse(Buffer.from(result).toString('utf8'));
}

function guestFilesOf({ packagePath, workload, programIds, plan }: Observation, index: number) {
  return {
    [`/test/${index}/package`]: packagePath,
    [`/test/${index}/workload`]: workload,
    [`/test/${index}/program-ids`]: programIds,
    [`/test/${index}/plan`]: Buffer.from(plan.join('\n')),
  };
}

function observeHere(observations: readonly Observation[]): readonly Observed[] {
  const folder = temporaryFolder('observe');
  const requests = observations.map((observation, index) => {
    const { packagePath, workload, programIds } = observation;
    const plan = `${folder}/plan-${index}`;
    writeFileSync(plan, observation.plan.join('\n'));
    const places = { package: packagePath, workload, programIds, plan };
    return requestOf(withOnlyMine(observation), [process.execPath, EBPM], places);
  });
  writeFileSync(`${folder}/request`, JSON.stringify(requests));
  const { stderr, status } = spawnSync(process.execPath, [DRIVER, `${folder}/request`, `${folder}/result`], {
    encoding: 'utf8',
    timeout: DEADLINE_MS * observations.length,
  });
  const result = existsSync(`${folder}/result`) ? readFileSync(`${folder}/result`, 'utf8') : undefined;
  rmSync(folder, { recursive: true });
  if (result === undefined) throw new Error(`observe.mjs ended with ${status} and wrote nothing:\n${stderr}`);
  return JSON.parse(result);
}

function withOnlyMine(observation: Observation): Observation {
  return { ...observation, args: [...observation.args, ...observation.onlyMine] };
}

function requestOf(
  { args, flags = ['--json'], allow, settleMs = 0, quietMs = 700 }: Observation,
  ebpm: readonly string[],
  places: Readonly<Record<'package' | 'workload' | 'programIds' | 'plan', string>>,
) {
  const agreed = allow === undefined ? [] : [`--allow=${allow}`];
  return {
    ebpm: [...ebpm, 'run', ...agreed, ...flags, places.package, ...args],
    workload: [places.workload, places.plan],
    programIdsPath: places.programIds,
    settleMs,
    quietMs,
  };
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function parsed(line: string) {
  return JSON.parse(Buffer.from(line, 'latin1').toString('utf8'));
}
