import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExample } from '../kernels/build-example.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import type { CommandResult } from './registry-process.js';
import { runEbpm } from './run-ebpm.js';

const folder = temporaryFolder('run-argv');
let sigsnoop: string;
beforeAll(async () => {
  sigsnoop = await buildExample('sigsnoop', folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** `ebpm run` with words in which X is the package. */
function run(words: string): Promise<CommandResult> {
  const args = words.split(' ').map((word) => (word === 'X' ? sigsnoop : word));
  return runEbpm(['run', ...args], { env: { EBPM_HOME: `${folder}/home` } });
}

/** Only the help that is made from the program's variables has this; only ebpm's own has the other. */
const PROGRAMS = '--filtered_pid';
const EBPMS = '--max-events';

describe('ebpm run [flags] SPEC [args...]', () => {
  it.each(['X --help', 'X -h', '--json X -- -h', '--json X -h', '-jd 5s X --help', '-d5s -- X --help'])(
    "ebpm run %s shows the program's options",
    async (words) => {
      const { exitCode, stdout, stderr } = await run(words);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toContain(PROGRAMS);
      expect(stdout).not.toContain(EBPMS);
    },
  );

  it.each(['--help', '-h', '--json --help', '--help X'])("ebpm run %s shows ebpm's own", async (words) => {
    const { exitCode, stdout, stderr } = await run(words);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(EBPMS);
    expect(stdout).not.toContain(PROGRAMS);
  });

  it.each([
    [
      ['help', 'run'],
      ['run', '--help'],
    ],
    [['help'], ['--help']],
  ])('ebpm %j shows what ebpm %j does', async (words, same) => {
    const [helped, expected] = await Promise.all([runEbpm(words, { env: {} }), runEbpm(same, { env: {} })]);
    expect(helped).toEqual({ ...expected, exitCode: 0 });
    expect(helped.stdout).toContain('USAGE');
  });

  it.each([
    ['X --json', '--json'],
    ['--duration 5s X --duration 7', '--duration'],
    ['-d 5s X -d 7', '-d'],
    ['X --max-events 1', '--max-events'],
    ['X -- --json', '--json'],
    ['--json X -- -- -h', '--'],
    ['--duration 5s X no 5s', 'no'],
  ])('ebpm run %s is refused by the program', async (words, refused) => {
    expect(await run(words)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: [
        `error: Cannot read "${refused}": the program has no such option`,
        'hint: Put --help after the package name to see its options',
        'code: EBPM_ARGUMENT_UNKNOWN\n',
      ].join('\n'),
    });
  });

  it.each([
    '--no-such-flag X',
    '-q X',
    '--duration X',
    '--json',
    '--',
    '--duration 5x X',
    '--max-events 0 X',
    '--kernel 5.4 X',
  ])('ebpm run %s is refused by ebpm', async (words) => {
    const { exitCode, stdout, stderr } = await run(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .+\nhint: .+\ncode: EBPM_USAGE_INVALID\n$/);
  });
});
