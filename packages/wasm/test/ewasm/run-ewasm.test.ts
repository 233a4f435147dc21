import { EWASM_SIGNATURES } from '@ebpm/object';
import { beforeAll, describe, expect, it } from 'vitest';
import { engine, type WasmExports } from '../../src/engine.js';
import type { EwasmKernel } from '../../src/ewasm/ewasm-kernel.js';
import { GuestExit } from '../../src/guest-exit.js';
import { GuestFault } from '../../src/guest-fault.js';
import { COMPILING_MS } from '../compile-guest.js';
import { compileEwasm, runEwasm } from './ewasm-guest.js';

/** Gives these events to whoever waits. */
function kernelWith(events: readonly string[]): EwasmKernel & { readonly created: string[] } {
  const created: string[] = [];
  return {
    created,
    create: (json) => created.push(json) - 1,
    run: (id) => (id === 0 ? 0 : -1),
    waitAndPoll: (_, deliver) => {
      for (const event of events) expect(deliver(event)).toBe(true);
      return 0;
    },
  };
}

describe('ewasmGuest()', () => {
  let module: object;
  beforeAll(() => {
    module = compileEwasm('events');
  }, COMPILING_MS);
  const run = (options: Parameters<typeof runEwasm>[1]) => runEwasm(module, options);
  const withMain = (name: string) => run({ exports: (own) => ({ ...own, bpf_main: own[name] }) });

  it('runs bpf_main with its arguments, and gives events to process_event, which drops and rewrites them', () => {
    const kernel = kernelWith(['{"a":1}', '{"b":2}', '{"c":"grün"}']);
    const { result, stdout, events } = run({ args: ['--flag', 'wörd'], kernel });
    expect(Buffer.from(stdout, 'latin1').toString()).toBe(
      '24 ["app","--flag","wörd"]\nids 0 1, run 0 -1\nwaited 0\nseen 3\n',
    );
    expect(kernel.created).toEqual(['{"name":"one"}', '{"name":"two"}']);
    expect(events).toEqual(['{#a":1}', '{#c":"grün"}']);
    expect(result).toBe(3);
  });

  it('cuts an event where its buffer ends, between characters', () => {
    const { events } = run({ kernel: kernelWith([`{"x":"${'ü'.repeat(3000)}"}`]) });
    // 4095 bytes: 6 of them before the letters, which have two each.
    expect(events).toEqual(['{"long":4094}']);
  });

  it('tells events as they are where there is no process_event', () => {
    const long = `{"x":"${'y'.repeat(9000)}"}`;
    const { events, result } = run({
      kernel: kernelWith([long, '{"b":2}']),
      exports: (own) => without(own, 'process_event'),
    });
    expect(events).toEqual([long, '{"b":2}']);
    expect(result).toBe(0);
  });

  it('gives what create_bpf and bpf_main give', () => {
    expect(run({}).result).toBe(-1);
  });

  it('ends a guest by exit(), in bpf_main and in process_event', () => {
    expect(run({ args: ['--zero'] }).error).toEqual(new GuestExit(0));
    expect(run({ kernel: kernelWith(['{"exit":1}']) }).error).toEqual(new GuestExit(4));
  });

  it('ends a guest that waits for events inside process_event', () => {
    const { error } = run({ kernel: kernelWith(['{"wait":1}']) });
    expect(error).toEqual(new GuestFault('waited for events inside process_event'));
  });

  it.each([
    ['wide_result', 'has a bpf_main that does not give an i32'],
    ['no_result', 'has a bpf_main that does not give an i32'],
    ['wide_argument', 'has a bpf_main whose arguments are not i32'],
    ['one_argument', 'has a bpf_main that takes 1 arguments and not 2'],
    ['memory', 'has a bpf_main that is no function'],
    ['nothing', 'exports no bpf_main'],
  ])('ends a guest whose bpf_main is %s', (name, message) => {
    expect(withMain(name).error).toEqual(new GuestFault(message));
  });

  it('ends a guest whose process_event is another function', () => {
    const exports = (own: WasmExports) => ({ ...own, process_event: own['bpf_main'] });
    expect(run({ exports }).error).toEqual(new GuestFault('has a process_event that takes 2 arguments and not 3'));
  });

  it('bsearch calls back only what is a function of the guest with two i32', () => {
    const search = (index: number) => {
      const exports = (own: WasmExports): WasmExports => {
        const call = own['search'] as (json: number, index: number) => number;
        return { ...own, bpf_main: (json: number, _: number) => call(json, index) };
      };
      return run({ exports });
    };
    expect(search(0).result).toBe(1);
    expect(search(9999).error).toEqual(
      expect.objectContaining({
        message: expect.stringMatching(/^gave comparator 9999, and its table has \d+ functions$/),
      }),
    );
    expect(search(-1).error).toBeInstanceOf(GuestFault);
    expect(withMain('search_wide').error).toEqual(
      expect.objectContaining({ message: expect.stringMatching(/^has a comparator \d+ whose arguments are not i32$/) }),
    );
  });

  it('gives just the functions that stand in the table of signatures', () => {
    const names = engine.Module.imports(module).map(({ name }) => name);
    for (const name of names) expect(Object.keys(EWASM_SIGNATURES)).toContain(name);
  });
});

function without(exports: WasmExports, name: string): WasmExports {
  return Object.fromEntries(Object.entries(exports).filter(([key]) => key !== name));
}
