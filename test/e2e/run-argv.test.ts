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
    ['X --json', '--json', '--json'],
    ['--duration 5s X --duration 7', '--duration', '--duration VALUE'],
    ['-d 5s X -d 7', '-d', '-d VALUE'],
    ['X -d5s', '-d5s', '-d VALUE'],
    ['X --max-events 1', '--max-events', '--max-events VALUE'],
    ['X --target-pid=1', '--target-pid=1', '--target-pid VALUE'],
    ['X --target-pd 1', '--target-pd', '--target-pid VALUE'],
    ['X -- --jsn', '--jsn', '--json'],
  ])(
    'ebpm run %s is refused by the program, and says that a flag of ebpm stands before it',
    async (words, refused, own) => {
      const [flag] = own.split(' ');
      expect(await run(words)).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: [
          `error: Cannot read "${refused}": the program has no such option`,
          `hint: ${flag} is a flag of ebpm, which stands before the package: ebpm run ${own} ${sigsnoop}`,
          'hint: Put --help after the package name to see its options',
          'code: EBPM_ARGUMENT_UNKNOWN\n',
        ].join('\n'),
      });
    },
  );

  it.each([
    ['--json X -- -- -h', '--'],
    ['--duration 5s X no 5s', 'no'],
    ['X --background 1', '--background'],
    ['X -q', '-q'],
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

describe('ebpm FLAG', () => {
  it.each(['-v', '-V'])('ebpm %s prints the version, as npm and cargo do', async (flag) => {
    const [short, long] = await Promise.all([runEbpm([flag], { env: {} }), runEbpm(['--version'], { env: {} })]);
    expect(short).toEqual(long);
    expect(short).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^ebpm\//) });
  });

  it.each([
    [['--json', 'list'], 'Flags stand behind the command: ebpm list --json'],
    [['-x'], 'Flags stand behind the command: ebpm COMMAND -x'],
    [['--versoin'], 'Did you mean ebpm --version?'],
  ])('ebpm %j says where flags stand', async (words, hint) => {
    const { exitCode, stderr } = await runEbpm(words, { env: {} });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `error: Cannot use "${words[0]}" before a command\nhint: ${hint}\ncode: EBPM_USAGE_INVALID\n`,
    });
  });
});
