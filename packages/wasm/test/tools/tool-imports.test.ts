import { closeSync, writeSync } from 'node:fs';
import { receiveFrame, sendFrame, socketPair } from '@ebpm/loader';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engine } from '../../src/engine.js';
import { BrokerLink } from '../../src/guest/broker-link.js';
import { GuestStop } from '../../src/guest/guest-stop.js';
import { decodeMessage, encodeMessage } from '../../src/guest/message.js';
import type { BrokerAnswer, StopRequest } from '../../src/guest/protocol.js';
import { GuestMemory } from '../../src/guest-memory.js';
import { MAX_GUEST_NAME_BYTES, MAX_TOOL_ARGS_BYTES } from '../../src/limits.js';
import { toolImports } from '../../src/tools/tool-imports.js';

const PAGE = 65536;
/** Where texts of the guest are laid out, and where output is read to. */
const [NAME, ARGS, BUFFER] = [1024, 2048, 4096];
const [ENOENT, E2BIG, EBADF, EAGAIN, EINVAL] = [2, 7, 9, 11, 22];

let memory: GuestMemory;
let told: string[];
let broker: number;
let guest: number;
/** The tool's end of its output. */
let output: number;
let call: (name: string, ...args: number[]) => number;

beforeEach(() => {
  memory = new GuestMemory();
  memory.bind(new engine.Memory({ initial: 4 }));
  told = [];
  [broker, guest] = socketPair();
  const imports = toolImports({ memory, link: new BrokerLink(guest), tell: (message) => void told.push(message) });
  call = (name, ...args) => (imports[name] as (...args: number[]) => number)(...args);
});
afterEach(() => {
  for (const fd of [broker, guest]) closeSync(fd);
});

/** Answers come from where a broker's would: a call finds its own waiting. */
function answer(what: BrokerAnswer | StopRequest, descriptors: readonly number[] = []): void {
  sendFrame(broker, encodeMessage(what), descriptors);
}

function asked(): unknown {
  return decodeMessage(receiveFrame(broker)?.bytes ?? new Uint8Array())?.header;
}

function put(at: number, text: string | Uint8Array): readonly [number, number] {
  const bytes = Buffer.from(text);
  memory.write(at, bytes);
  return [at, bytes.length];
}

function start(name: string | Uint8Array, args: string | Uint8Array = ''): number {
  return call('tool_start', ...put(NAME, name), ...put(ARGS, args));
}

/** Starts a tool whose output the test writes. */
function started(): number {
  const [theirs, ours] = socketPair();
  output = ours;
  answer({ started: 7 }, [theirs]);
  closeSync(theirs);
  const handle = start('execs');
  asked();
  return handle;
}

describe('tool_start()', () => {
  it.each([
    ['', []],
    ['--pid\0\0ä', ['--pid', '', 'ä']],
    ['--pid\x004\0', ['--pid', '4']],
    ['\0', ['']],
  ])('tool_start() asks for a tool with the arguments %j, and gives numbers above 0', (args, words) => {
    const [theirs, ours] = socketPair();
    answer({ started: 7 }, [theirs]);
    expect(start('@acme/execs', args)).toBe(1);
    expect(asked()).toEqual({ call: 'tool-start', name: '@acme/execs', args: words });
    for (const fd of [theirs, ours]) closeSync(fd);
  });

  it('tool_start() gives the negative error of a refusal, and tells the reason', () => {
    answer({ refused: { code: 'EBPM_TOOL_REFUSED', message: 'Cannot start "nope": no such', errno: ENOENT } });
    expect(start('nope')).toBe(-ENOENT);
    expect(told).toEqual(['Cannot start "nope": no such']);
  });

  it.each([
    ['a name outside of the memory', [4 * PAGE - 1, 2, ARGS, 0]],
    ['arguments outside of the memory', [NAME, 1, -1, 2]],
  ])('tool_start() refuses %s', (_what, args) => {
    expect(call('tool_start', ...args)).toBe(-EINVAL);
  });

  it('tool_start() refuses what is not UTF-8', () => {
    expect(start(Uint8Array.of(0xff))).toBe(-EINVAL);
    expect(start('execs', Uint8Array.of(0x61, 0xc3))).toBe(-EINVAL);
  });

  it('tool_start() refuses what is too long', () => {
    expect(call('tool_start', NAME, MAX_GUEST_NAME_BYTES + 1, ARGS, 0)).toBe(-E2BIG);
    expect(call('tool_start', NAME, 1, ARGS, MAX_TOOL_ARGS_BYTES + 1)).toBe(-E2BIG);
    expect(call('tool_start', NAME, -1, ARGS, 0)).toBe(-E2BIG);
  });
});

describe('tool_read()', () => {
  it('tool_read() gives what is there, and at the end nothing', () => {
    const tool = started();
    writeSync(output, '{"pid":1}\n');
    expect(call('tool_read', tool, BUFFER, 4, -1)).toBe(4);
    expect(call('tool_read', tool, BUFFER + 4, 100, -1)).toBe(6);
    expect(memory.utf8(BUFFER, 10)).toBe('{"pid":1}\n');
    closeSync(output);
    expect(call('tool_read', tool, BUFFER, 100, -1)).toBe(0);
  });

  it('tool_read() waits no longer than it is told', () => {
    const tool = started();
    const before = Date.now();
    expect(call('tool_read', tool, BUFFER, 100, 50)).toBe(-EAGAIN);
    expect(Date.now() - before).toBeGreaterThanOrEqual(45);
    expect(call('tool_read', tool, BUFFER, 100, 0)).toBe(-EAGAIN);
    closeSync(output);
  });

  it('tool_read() ends with the guest, whatever the tool does', () => {
    const tool = started();
    answer({ stop: true });
    expect(() => call('tool_read', tool, BUFFER, 100, -1)).toThrow(GuestStop);
    closeSync(output);
  });

  it.each([0, -1, 2, 1025])('tool_read() refuses %i, which is no tool of the guest', (handle) => {
    started();
    expect(call('tool_read', handle, BUFFER, 100, 0)).toBe(-EBADF);
    closeSync(output);
  });

  it('tool_read() refuses to write outside of the memory, and to read nothing', () => {
    const tool = started();
    expect(call('tool_read', tool, 4 * PAGE - 1, 2, 0)).toBe(-EINVAL);
    expect(call('tool_read', tool, BUFFER, -1, 0)).toBe(-EINVAL);
    expect(call('tool_read', tool, BUFFER, 0, 0)).toBe(-EINVAL);
    closeSync(output);
  });
});

describe('tool_stop()', () => {
  it('tool_stop() gives the exit code, and the tool is the guest’s no more', () => {
    const tool = started();
    answer({ ended: 3 });
    expect(call('tool_stop', tool)).toBe(3);
    expect(asked()).toEqual({ call: 'tool-stop', tool: 7 });
    expect(call('tool_stop', tool)).toBe(-EBADF);
    expect(call('tool_read', tool, BUFFER, 100, 0)).toBe(-EBADF);
    expect(() => writeSync(output, 'x')).toThrow('EPIPE');
    closeSync(output);
  });

  it('tool_stop() refuses what is no tool of the guest', () => {
    expect(call('tool_stop', 1)).toBe(-EBADF);
  });
});
