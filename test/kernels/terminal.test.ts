import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExample } from './build-example.js';
import { buildProgram } from './build-program.js';
import { KERNELS } from './kernels.js';
import { observe, type Seen } from './observe.js';
import { temporaryFolder } from './temporary-folder.js';

/** What a process calls itself: ESC ]0;x BEL newline, which sets a terminal's title and breaks the line. */
const NAME_HEX = '1b5d303b78070a';
const SIGUSR1 = 10;

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
  async function seen(output: 'table' | 'json'): Promise<Seen> {
    const plan = [`name ${NAME_HEX}`, `kill target ${SIGUSR1}`];
    return observe(kernel, { ...parts, output, plan, args: ['--filtered_pid', 'SELF'], onlyMine: [] });
  }

  it('ebpm run --json writes the name of a process as escapes that give it back, byte for byte', async () => {
    const { stdout, pid, target, events } = await seen('json');
    const comm = String.raw`\u001b]0;x\u0007\n`;
    expect(stdout).toBe(`{"pid":${pid},"tpid":${target},"sig":${SIGUSR1},"ret":0,"comm":"${comm}"}\n`);
    expect(Buffer.from(String(events[0]?.['comm'])).toString('hex')).toBe(NAME_HEX);
  });

  it('ebpm run writes the name of a process into the table as escapes, byte for byte', async () => {
    const { stdout, pid, target } = await seen('table');
    const [header, event = '', ...rest] = stdout.split('\n');
    expect(header).toBe('TIME         PID    TPID         SIG         RET COMM');
    expect(event.slice(0, 8)).toMatch(/^\d\d:\d\d:\d\d$/);
    const numbers = `${String(pid).padStart(8)}${String(target).padStart(8)}${String(SIGUSR1).padStart(12)}${'0'.padStart(12)}`;
    expect(event.slice(8)).toBe(String.raw`${numbers} \x1b]0;x\x07\n`);
    expect(rest).toEqual(['']);
  });
});
