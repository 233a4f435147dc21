import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadBinding, type NativeLink } from '../src/binding.js';
import { openObject } from '../src/open-object.js';
import { compileObject } from './compile-fixture.js';
import { hasNativeKernel, programsNamed } from './native-kernel.js';

describe.skipIf(!hasNativeKernel)('load() and attach() on this kernel', () => {
  let bytes: Uint8Array;
  beforeAll(() => {
    bytes = compileObject('refused');
  });

  function open(...programs: readonly string[]) {
    const object = openObject(bytes, { name: 'refused' });
    for (const program of programs) object.setAutoload(program, true);
    return object;
  }

  it.each([
    ['forgets_null', 'EBPM_VERIFIER_REJECTED', /R0 invalid mem access/],
    ['reads_no_such_field', 'EBPM_CORE_RELOCATION', /this kernel has no struct task_struct\.no_such_field$/],
    ['on_no_such_btf_tracepoint', 'EBPM_ATTACH_TARGET_MISSING', /this kernel has no "no_such_tracepoint"/],
  ])('load() of %s fails with %s', (program, code, message) => {
    const object = open(program);
    expect(() => object.load()).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(message),
        data: expect.objectContaining({ program, errno: expect.any(Number) }),
      }),
    );
    expect(() => object.load()).toThrow(TypeError);
    object.close();
  });

  it('load() keeps the logs of threads that fail at the same time apart', async () => {
    const code = `
      const { workerData, parentPort } = require('node:worker_threads');
      import(workerData.loader).then(({ openObject }) => {
        const codes = new Set();
        for (let round = 0; round < 20; round++) {
          const object = openObject(workerData.bytes, { name: 'refused' });
          object.setAutoload(workerData.program, true);
          try { object.load() } catch (error) { codes.add(error.code + ' ' + error.data.program) }
        }
        parentPort.postMessage([...codes]);
      });`;
    const loader = new URL('../dist/index.js', import.meta.url).href;
    const answers = await Promise.all(
      ['forgets_null', 'reads_no_such_field'].map(async (program) => {
        const worker = new Worker(code, { eval: true, workerData: { loader, bytes, program } });
        const [answer] = await once(worker, 'message');
        return answer;
      }),
    );
    expect(answers).toEqual([['EBPM_VERIFIER_REJECTED forgets_null'], ['EBPM_CORE_RELOCATION reads_no_such_field']]);
  });

  it('load() says that the BTF file cannot be read', () => {
    const object = openObject(bytes, { name: 'refused', btf: '/no/such/file.btf' });
    object.setAutoload('reads_no_such_field', true);
    expect(() => object.load()).toThrow(expect.objectContaining({ code: 'EBPM_BTF_MISSING' }));
  });

  it.each([
    ['on_no_such_raw_tracepoint', 'EBPM_ATTACH_TARGET_MISSING', 'raw_tp/no_such_tracepoint'],
    ['on_no_such_tracepoint', 'EBPM_ATTACH_TARGET_MISSING', 'tp/sched/no_such_tracepoint'],
    ['on_no_such_file', 'EBPM_ATTACH_TARGET_MISSING', 'uprobe//no/such/file:main'],
  ])('attach() of %s fails with %s, and detaches what was attached before', async (program, code, section) => {
    const loaded = open('harmless', program).load();
    expect(() => loaded.attach()).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(section),
        data: expect.objectContaining({ program, errno: expect.any(Number) }),
      }),
    );
    expect(() => loaded.attach()).toThrow(TypeError);
    loaded.close();
    await vi.waitFor(() => expect(programsNamed('harmless')).toBe(0), 5000);
  });

  it.runIf(!existsSync('/sys/kernel/tracing/events'))('attach() says how to mount tracefs where it is not', () => {
    const loaded = open('on_no_such_tracepoint').load();
    expect(() => loaded.attach()).toThrow(
      expect.objectContaining({ hint: 'mount -t tracefs tracefs /sys/kernel/tracing' }),
    );
  });

  it('attach() of a program that needs an interface says which flag names it', () => {
    const loaded = open('on_no_interface').load();
    expect(() => loaded.attach()).toThrow(
      expect.objectContaining({
        code: 'EBPM_TARGET_MISSING',
        message: 'Cannot attach "on_no_interface" to xdp: it needs an interface, and the package names none',
        hint: 'ebpm run --target-ifname eth0 ...',
      }),
    );
  });

  it('each phase ends when the next begins, and close() of an ended one does nothing', async () => {
    const object = open('harmless');
    const loaded = object.load();
    expect(() => object.programs).toThrow('The object is no longer usable here: it has been loaded');
    object.close();
    const running = loaded.attach();
    expect(() => loaded.maps).toThrow('The object is no longer usable here: it has been attached');
    loaded.close();
    expect(running.programs.map(({ name }) => name)).toEqual(['harmless']);
    expect(programsNamed('harmless')).toBe(1);
    running.close();
    running.close();
    expect(() => running.maps).toThrow(TypeError);
    await vi.waitFor(() => expect(programsNamed('harmless')).toBe(0), 5000);
  });

  it('close() gives back every descriptor and every mapping', async () => {
    const events = compileObject('events');
    const use = () => {
      const object = openObject(events, { name: 'events' });
      object.setAutoload('to_ring', true);
      const running = object.load().attach();
      running.consume('ring', () => {});
      running.consume('perf', () => {});
      running.close();
    };
    use();
    await sleep(20);
    const before = held();
    for (let round = 0; round < 20; round++) use();
    await vi.waitFor(() => expect(held()).toEqual(before), 5000);
  });

  it('the classes of links make only closed ones', () => {
    const native = new (loadBinding().BpfObject)(bytes, 'refused', undefined);
    native.setAutoload('harmless', true);
    native.load();
    const link = native.attach('harmless');
    const empty = Reflect.construct(link.constructor, []) as NativeLink;
    empty.close();
    link.close();
    link.close();
    native.close();
  });

  it('a worker that is stopped while it consumes leaves nothing behind and harms nobody', async () => {
    const code = `
      const { workerData, parentPort } = require('node:worker_threads');
      import(workerData.loader).then(({ openObject }) => {
        const object = openObject(workerData.bytes, { name: 'events' });
        object.setAutoload('to_ring', true);
        const running = object.load().attach();
        running.consume('ring', () => {});
        running.consume('perf', () => {});
        parentPort.postMessage('consuming');
      });`;
    const loader = new URL('../dist/index.js', import.meta.url).href;
    const worker = new Worker(code, { eval: true, workerData: { loader, bytes: compileObject('events') } });
    expect(await once(worker, 'message')).toEqual(['consuming']);
    await worker.terminate();

    await vi.waitFor(() => expect(programsNamed('to_ring')).toBe(0), 5000);
    const running = open('harmless').load().attach();
    running.close();
  });
});

/** Descriptors and mappings of this process that have to do with BPF. */
function held() {
  const maps = readFileSync('/proc/self/maps', 'utf8');
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    mappings: maps.split('\n').filter((line) => /bpf-map|perf_event/.test(line)).length,
  };
}
