import { once } from 'node:events';
import { Duplex, PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { converse } from '../src/converse.js';
import type { LabOptions } from '../src/lab-options.js';
import type { LabProgress } from '../src/lab-progress.js';
import type { Qemu, QemuExit } from '../src/qemu.js';

const TRAILER = 'trailer';
const LAB: LabOptions = { kernel: '6.1', cacheDir: '/nowhere', command: ['true'] };

/** A machine whose guest is played by the test. */
function machine() {
  const fromGuest = { control: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const toGuest = { control: new PassThrough(), stdin: new PassThrough() };
  const words = new PassThrough();
  const screen = new PassThrough();
  let exit = (_: QemuExit): void => {};
  const exited = new Promise<QemuExit>((resolve) => {
    exit = resolve;
  });
  const end = (result: QemuExit): void => {
    for (const stream of [...Object.values(fromGuest), words, screen]) stream.end();
    exit(result);
  };
  const qemu: Qemu = {
    control: Duplex.from({ readable: fromGuest.control, writable: toGuest.control }),
    stdin: Duplex.from({ readable: Readable.from([]), writable: toGuest.stdin }),
    stdout: Duplex.from(fromGuest.stdout),
    stderr: Duplex.from(fromGuest.stderr),
    console: screen,
    words,
    exited,
    close: async () => end({ code: null }),
  };
  return { qemu, fromGuest, toGuest, words, screen, end };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('converse()', () => {
  it('gives output, exit code and results, and tells when the command starts and ends', async () => {
    const { qemu, fromGuest, toGuest } = machine();
    const phases: LabProgress['phase'][] = [];
    const talk = converse(
      qemu,
      { ...LAB, stdin: Buffer.from('in'), results: ['/a', '/b'], onProgress: ({ phase }) => phases.push(phase) },
      TRAILER,
    );
    fromGuest.control.write('ready\nexit 3\nresult 0 1\nxmissing 1\nend\n');
    fromGuest.stdout.write(`out${TRAILER}`);
    fromGuest.stderr.write(TRAILER);
    expect(await talk).toEqual({ exitCode: 3, stdout: 'out', stderr: '', results: { '/a': new Uint8Array([0x78]) } });
    expect(phases).toEqual(['booting', 'running', 'ended']);
    expect(await text(toGuest.stdin)).toBe('in');
  });

  it('passes an interrupt on as soon as the guest is ready', async () => {
    const { qemu, fromGuest, toGuest } = machine();
    const talk = converse(qemu, { ...LAB, interrupt: AbortSignal.abort() }, TRAILER);
    fromGuest.control.write('ready\n');
    const [line] = await once(toGuest.control, 'data');
    expect(String(line)).toBe('signal INT\n');
    fromGuest.control.write('exit 130\nend\n');
    fromGuest.stdout.write(TRAILER);
    fromGuest.stderr.write(TRAILER);
    expect(await talk).toMatchObject({ exitCode: 130 });
  });

  it.each([
    ['a result that was not asked for', 'ready\nexit 0\nresult 1 0\n'],
    ['an end without an exit code', 'ready\nend\n'],
    ['nonsense', 'hello\n'],
  ])('refuses %s', async (_, lines) => {
    const { qemu, fromGuest } = machine();
    const talk = converse(qemu, { ...LAB, results: ['/a'] }, TRAILER);
    fromGuest.control.write(lines);
    await expect(talk).rejects.toMatchObject({ code: 'EBPM_LAB_PROTOCOL' });
  });

  it('says what QEMU said when it failed', async () => {
    const { qemu, words, end } = machine();
    const talk = converse(qemu, LAB, TRAILER);
    words.write('qemu: cannot set up guest memory\n');
    end({ code: 1 });
    await expect(talk).rejects.toMatchObject({
      code: 'EBPM_LAB_QEMU_FAILED',
      message: expect.stringContaining('cannot set up guest memory'),
    });
  });

  it('says why QEMU could not be started', async () => {
    const { qemu, end } = machine();
    const talk = converse(qemu, LAB, TRAILER);
    end({ code: null, error: new Error('spawn EAGAIN') });
    await expect(talk).rejects.toMatchObject({
      code: 'EBPM_LAB_QEMU_FAILED',
      message: expect.stringContaining('EAGAIN'),
    });
  });

  it('gives what was printed before a panic', async () => {
    const { qemu, fromGuest, screen, end } = machine();
    const talk = converse(qemu, LAB, TRAILER);
    fromGuest.control.write('ready\n');
    fromGuest.stdout.write('so far');
    screen.write('[    1.0] Kernel panic - not syncing: Fatal exception\r\n[    1.0] Call Trace:\r\n');
    end({ code: 0 });
    await expect(talk).rejects.toMatchObject({
      code: 'EBPM_LAB_KERNEL_PANIC',
      message: "Cannot go on: the guest's kernel panicked: Fatal exception",
      data: { stdout: 'so far', console: [expect.stringContaining('Kernel panic'), '[    1.0] Call Trace:'] },
    });
  });

  it('does not wait for a guest that never gets ready', async () => {
    vi.useFakeTimers();
    const { qemu, screen } = machine();
    const talk = expect(converse(qemu, LAB, TRAILER)).rejects.toMatchObject({
      code: 'EBPM_LAB_BOOT_TIMEOUT',
      data: { console: ['stuck'] },
    });
    screen.write('stuck\n');
    await vi.advanceTimersByTimeAsync(120_000);
    await talk;
  });

  it('counts the deadline from the start of the command', async () => {
    vi.useFakeTimers();
    const { qemu, fromGuest } = machine();
    const talk = expect(converse(qemu, { ...LAB, deadlineMs: 1000 }, TRAILER)).rejects.toMatchObject({
      code: 'EBPM_LAB_DEADLINE',
    });
    await vi.advanceTimersByTimeAsync(60_000);
    fromGuest.control.write('ready\n');
    await vi.advanceTimersByTimeAsync(1000);
    await talk;
  });

  it("rejects with the signal's reason when aborted, before and during the run", async () => {
    const reason = new Error('enough');
    await expect(converse(machine().qemu, { ...LAB, signal: AbortSignal.abort(reason) }, TRAILER)).rejects.toBe(reason);
    const abort = new AbortController();
    const talk = converse(machine().qemu, { ...LAB, signal: abort.signal }, TRAILER);
    abort.abort(reason);
    await expect(talk).rejects.toBe(reason);
  });

  it('rejects with what a callback throws', async () => {
    const { qemu, fromGuest } = machine();
    const reason = new Error('broken pipe');
    const talk = converse(qemu, { ...LAB, onStdout: () => Promise.reject(reason) }, TRAILER);
    fromGuest.stdout.write('x');
    await expect(talk).rejects.toBe(reason);
  });

  it("leaves the caller's stdin paused but open", async () => {
    const { qemu, fromGuest } = machine();
    const stdin = new PassThrough();
    const talk = converse(qemu, { ...LAB, stdin }, TRAILER);
    fromGuest.control.write('ready\nexit 0\nend\n');
    fromGuest.stdout.write(TRAILER);
    fromGuest.stderr.write(TRAILER);
    await talk;
    expect(stdin.destroyed).toBe(false);
    expect(stdin.isPaused()).toBe(true);
  });
});
