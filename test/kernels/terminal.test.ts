import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExample } from './build-example.js';
import { buildProgram } from './build-program.js';
import { KERNELS } from './kernels.js';
import { observeAll, type Seen } from './observe.js';
import { temporaryFolder } from './temporary-folder.js';

/** What a process calls itself: ESC ]0;x BEL newline, which sets a terminal's title and breaks the line. */
const NAME_HEX = '1b5d303b78070a';
const SIGUSR1 = 10;
/** No process has this number or a higher one: the kernel's largest is 4194304 (include/linux/threads.h, PID_MAX_LIMIT). */
const NOBODY = 4_194_305;

const PLAN = [`name ${NAME_HEX}`, `kill target ${SIGUSR1}`];
const FILTER = String.raw`sig == SIGUSR1 && ret == -ESRCH && pid != tpid && (comm == "\x1b]0;x\x07\n" || comm =~ "^[-=]")`;
const CHOICE = ['--columns', 'comm,ret,tpid', '--filter', FILTER];
const CSV_FLAGS = ['--output', 'csv', ...CHOICE, '--sort', 'tpid:desc', '--interval', '60s'];

const folder = temporaryFolder('terminal');
let parts = { packagePath: '', workload: '', programIds: '' };
beforeAll(async () => {
  parts = {
    packagePath: await buildExample('sigsnoop', folder),
    workload: buildProgram('workload', folder),
    programIds: buildProgram('program-ids', folder),
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The text is made in user space: one lab kernel says as much as all.
describe.each(KERNELS.filter(({ version }) => version !== '6.1'))('on $name', (kernel) => {
  let runs: readonly Seen[];
  beforeAll(async () => {
    const observation = (plan: readonly string[], flags?: readonly string[]) => {
      const own = flags === undefined ? {} : { flags };
      return { ...parts, ...own, plan, args: ['--filtered_pid', 'SELF'], onlyMine: [] };
    };
    const others = [
      'name 3d312b31',
      ...[2, 1, 3].map((more) => `kill ${NOBODY + more} ${SIGUSR1}`),
      `kill ${NOBODY} 9`,
    ];
    runs = await observeAll(kernel, [
      observation(PLAN),
      observation(PLAN, []),
      observation([...PLAN, ...others], CSV_FLAGS),
    ]);
  });

  it('ebpm run --json writes the name of a process as escapes that give it back, byte for byte', () => {
    const { stdout, pid, target, events } = runOf(runs, 0);
    const comm = String.raw`\u001b]0;x\u0007\n`;
    const [event, ledger = '', ...rest] = stdout.split('\n');
    expect(event).toBe(`{"pid":${pid},"tpid":${target},"sig":${SIGUSR1},"ret":0,"comm":"${comm}"}`);
    expect(JSON.parse(ledger)).toMatchObject({ ebpm: 'ledger', received: 1 });
    expect(rest).toEqual(['']);
    expect(Buffer.from(String(events[0]?.['comm'])).toString('hex')).toBe(NAME_HEX);
  });

  it('ebpm run writes the name of a process into the table as escapes, byte for byte', () => {
    const { stdout, pid, target } = runOf(runs, 1);
    const [header, event = '', ...rest] = stdout.split('\n');
    expect(header).toBe('TIME         PID    TPID SIG                RET COMM');
    expect(event.slice(0, 8)).toMatch(/^\d\d:\d\d:\d\d$/);
    const cells = `${String(pid).padStart(8)}${String(target).padStart(8)} SIGUSR1  ${'0'.padStart(13)}`;
    expect(event.slice(8)).toBe(String.raw`${cells} \x1b]0;x\x07\n`);
    expect(rest).toEqual(['']);
  });

  it('ebpm run shows the columns of the events that pass a filter, as CSV in the order that is asked for', () => {
    const { stdout, code, stderr } = runOf(runs, 2);
    const rows = [3, 2, 1].map((more) => `"'=1+1",-3,${NOBODY + more}\n`);
    expect({ stdout, code }).toEqual({ stdout: `comm,ret,tpid\n${rows.join('')}`, code: 130 });
    expect(stderr).toContain('3 events');
  });
});

function runOf(runs: readonly Seen[], index: number): Seen {
  const run = runs[index];
  if (run === undefined) throw new Error('it was not observed');
  return run;
}
