import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliRunLedgerKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recording } from '../../packages/runner/test/record/recordings.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { runEbpm } from './run-ebpm.js';

const folder = temporaryFolder('replay');
const paths = { cut: join(folder, 'cut'), damaged: join(folder, 'damaged'), other: join(folder, 'other') };
beforeAll(() => {
  const { bytes, frames } = recording();
  chmodSync(folder, 0o755);
  writeFileSync(paths.cut, bytes.subarray(0, bytes.length - 3));
  const damaged = Uint8Array.from(bytes);
  damaged[frames[3] ?? 0] = 99;
  writeFileSync(paths.damaged, damaged);
  writeFileSync(paths.other, 'no recording, but long enough to be one');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('ebpm replay', () => {
  it('ebpm replay prints the events of a run that was killed, and says that its end is missing', async () => {
    const { exitCode, stdout, stderr } = await runEbpm(['replay', '--json', paths.cut], { env: {} });
    const lines = stdout.trimEnd().split('\n');
    expect(exitCode).toBe(0);
    expect(lines.slice(0, -1)).toEqual([
      '{"map":"numbers","number":1}',
      '{"map":"numbers","number":2}',
      '{"map":"texts","text":"ab"}',
      '{"map":"numbers","number":3}',
    ]);
    expect(validate(cliRunLedgerKind, JSON.parse(lines.at(-1) ?? ''))).toMatchObject({
      ok: true,
      value: { package: 'tool', ended: 'killed', complete: 'unknown', received: 4, shown: 4 },
    });
    expect(stderr).toMatch(/^4 events, losses unknown\n {2}the recording has no end: /);
  });

  it('ebpm replay prints a table with the times at which the events arrived', async () => {
    const { stdout, exitCode } = await runEbpm(['replay', '--max-events', '1', paths.cut], { env: { TZ: 'UTC' } });
    expect({ exitCode, lines: stdout.split('\n').filter((line) => line.startsWith('22:13:')) }).toEqual({
      exitCode: 0,
      lines: [expect.stringMatching(/^22:13:23 +1$/)],
    });
  });

  it('ebpm replay shows what comes before a damage, and fails with what is wrong', async () => {
    const { exitCode, stdout, stderr } = await runEbpm(['replay', '--json', paths.damaged], { env: {} });
    expect(exitCode).toBe(1);
    expect(stdout.split('\n').slice(0, 2)).toEqual(['{"map":"numbers","number":1}', '{"map":"numbers","number":2}']);
    expect(stderr).toContain('a frame has kind 99\n');
    expect(stderr).toContain('code: EBPM_RECORDING_DAMAGED\n');
  });

  it.each([
    ['another file', () => paths.other, 'EBPM_RECORDING_INVALID'],
    ['a missing file', () => join(folder, 'missing'), 'EBPM_FILE_UNREADABLE'],
    ['a folder', () => folder, 'EBPM_FILE_UNREADABLE'],
  ])('ebpm replay refuses %s', async (_, path, code) => {
    const { exitCode, stdout, stderr } = await runEbpm(['replay', path()], { env: {} });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`code: ${code}\n`);
  });
});
