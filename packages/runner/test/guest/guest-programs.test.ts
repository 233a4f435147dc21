import { closeSync } from 'node:fs';
import { writeEunomiaPackage } from '@ebpm/formats';
import { receiveFrame, sendFrame, socketPair, waitReadable } from '@ebpm/loader';
import { decodeMessage, encodeMessage } from '@ebpm/wasm';
import { BrokerLink, GuestKernel } from '@ebpm/wasm/guest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileSource } from '../../../../test/support/compile-source.js';
import { GuestPrograms } from '../../src/guest/guest-programs.js';

const OBJECT = compileSource('SEC("perf_event") int on_sample(void *ctx) { return 0; }');
const META = {
  bpf_skel: {
    obj_name: 'x_bpf',
    maps: [],
    progs: [{ name: 'on_sample', attach: 'perf_event', link: true }],
    data_sections: [],
  },
  export_types: [],
};
const PACKAGE = writeEunomiaPackage({ object: OBJECT, meta: META as never });
const REFUSED = { refused: { code: 'EBPM_LOAD_FAILED', message: 'the kernel says no', errno: 1 } };

let broker: number;
let guest: number;
let told: string[];
let programs: GuestPrograms;
beforeEach(() => {
  [broker, guest] = socketPair();
  told = [];
  programs = new GuestPrograms({
    kernel: new GuestKernel(new BrokerLink(guest)),
    samples: () => {
      throw new Error('it has no events');
    },
    sleep: () => {
      throw new Error('it waits');
    },
    tell: (message) => void told.push(message),
  });
});
afterEach(() => {
  for (const fd of [broker, guest]) closeSync(fd);
});

/** Answers come from where a broker's would: a call finds its own waiting. */
function answer(...answers: readonly object[]): void {
  for (const one of answers) sendFrame(broker, encodeMessage(one));
}

/** What the broker was asked. */
function asked(): readonly unknown[] {
  const calls: unknown[] = [];
  while (waitReadable(broker, 0)) {
    const header = decodeMessage(receiveFrame(broker)?.bytes ?? new Uint8Array())?.header;
    calls.push((header as { readonly call: unknown }).call);
  }
  return calls;
}

const deliver = () => true;

describe('GuestPrograms', () => {
  it('GuestPrograms gives -1 for a program that the kernel does not load, says why, and tries again', () => {
    expect(programs.create(PACKAGE)).toBe(0);
    answer(REFUSED, { loaded: 1, maps: [] }, { done: true });
    expect(programs.run(0)).toBe(-1);
    expect(told).toEqual(['the kernel says no']);
    expect(programs.run(0)).toBe(0);
    expect(asked()).toEqual(['load', 'load', 'attach-all']);
  });

  it('GuestPrograms closes a program that the kernel loads and does not attach', () => {
    expect(programs.create(PACKAGE)).toBe(0);
    answer({ loaded: 1, maps: [] }, REFUSED, { done: true });
    expect(programs.run(0)).toBe(-1);
    expect(asked()).toEqual(['load', 'attach-all', 'close']);
    expect(told).toEqual(['the kernel says no']);
    expect(programs.waitAndPoll(0, deliver)).toBe(-1);
  });

  it('GuestPrograms gives -1 to who waits for a program that does not run, or never was', () => {
    expect(programs.create(PACKAGE)).toBe(0);
    expect(programs.waitAndPoll(0, deliver)).toBe(-1);
    expect(programs.waitAndPoll(7, deliver)).toBe(-1);
    expect(programs.run(7)).toBe(-1);
    expect(asked()).toEqual([]);
    answer({ loaded: 1, maps: [] }, { done: true });
    expect(programs.run(0)).toBe(0);
    expect(() => programs.waitAndPoll(0, deliver)).toThrow('it waits');
    // What runs already is left alone.
    expect(programs.run(0)).toBe(0);
    expect(asked()).toEqual(['load', 'attach-all']);
  });

  it('GuestPrograms gives -1 for what is no package, and says why', () => {
    expect(programs.create('garbage')).toBe(-1);
    expect(told).toEqual([expect.stringContaining('the JSON that the guest gave')]);
  });
});
