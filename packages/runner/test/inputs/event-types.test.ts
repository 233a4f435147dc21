import { deflateSync } from 'node:zlib';
import type { EunomiaMap } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { compileSource } from '../../../../test/support/compile-source.js';
import { checkPackage } from '../../src/check/check-package.js';
import { thisHost } from '../../src/check/this-host.js';
import type { EventTypeChoice } from '../../src/inputs/event-types.js';
import { openPackage } from '../../src/inputs/open-package.js';
import { eventSources } from '../../src/session/event-source.js';
import { sampledMaps } from '../../src/session/sampled-map.js';

const STRUCTS = `
struct event { int pid; char comm[16]; };
struct other { unsigned long long a, b, c; };
struct twin { int x[5]; };
struct outer { struct event event; int more; };
`;
const ring = (...names: readonly string[]) =>
  names
    .map((name) => `struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } ${name} SEC(".maps");`)
    .join('\n');
const PERF = `struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __uint(key_size, 4); __uint(value_size, 4);
} events SEC(".maps");`;
const hash = (name: string, key: string, value: string) => `struct {
  __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, ${key}); __type(value, ${value});
} ${name} SEC(".maps");`;
const program = (body: string, context = 'void') => `
SEC("tracepoint/syscalls/sys_enter_kill") int handle(${context} *ctx) { ${body} return 0; }`;
const reserve = (map: string, type: string) =>
  `{ ${type} *e = bpf_ringbuf_reserve(&${map}, sizeof(*e), 0); if (e) bpf_ringbuf_submit(e, 0); }`;

const compiled = new Map<string, Uint8Array>();
function open(source: string, eventTypes: readonly EventTypeChoice[] = []) {
  const object = compiled.get(source) ?? compileSource(source);
  compiled.set(source, object);
  return openPackage(object, { source: 'test.bpf.o', eventTypes });
}

/** Each map of events and the size and first member of its records. */
function types(source: string, eventTypes?: readonly EventTypeChoice[]): readonly string[] {
  return eventSources(open(source, eventTypes)).map(
    ({ map, type }) => `${map.name}: ${type.sizeBytes} ${type.fields[0]?.name}`,
  );
}

const EVENT = 'events: 20 pid';

/** A package of that source, whose metadata names these maps, and no type unless it is told. */
function packaged(
  source: string,
  maps: readonly EunomiaMap[],
  eventTypes: readonly EventTypeChoice[] = [],
  export_types: readonly object[] = [],
) {
  const { checked } = open(source);
  const meta = { export_types, bpf_skel: { obj_name: 'test_bpf', maps, progs: null, data_sections: [] } };
  const bytes = {
    bpf_object: deflateSync(checked.bytes).toString('base64'),
    bpf_object_size: checked.bytes.length,
  };
  return openPackage(Buffer.from(JSON.stringify({ meta, ...bytes })), { source: 'package.json', eventTypes });
}

describe('openPackage(), of an object alone', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'the pointer that eunomia-bpf adds',
      `${STRUCTS}${ring('events')} struct event *__eunomia_dummy_event_ptr;${program(reserve('events', 'struct event'))}`,
      [EVENT],
    ],
    [
      'an unused pointer',
      `${STRUCTS}${ring('events')} const struct event *unused __attribute__((unused));${program('')}`,
      [EVENT],
    ],
    [
      'the one of several pointers that has the size of the records',
      `${STRUCTS}${ring('events')} struct event *a; struct other *b;${program(reserve('events', 'struct other'))}`,
      ['events: 24 a'],
    ],
    [
      'the size of the records, where one struct has it',
      `${STRUCTS}${ring('events')}${hash('kept', 'int', 'struct event')}${hash('more', 'int', 'struct other')}
       ${program(reserve('events', 'struct event'))}`,
      [EVENT],
    ],
    [
      'the map whose values are sent, however many of their bytes',
      `${STRUCTS}${PERF}${hash('kept', 'int', 'struct event')}${hash('more', 'int', 'struct twin')} const volatile int wanted;
       ${program(`int key = 1; struct event *e = bpf_map_lookup_elem(&kept, &key);
                  if (e) bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, e, wanted & 7);`)}`,
      [EVENT],
    ],
    [
      'each map for itself',
      `${STRUCTS}${ring('first', 'second')} struct event *a; struct other *b;
       ${program(reserve('first', 'struct other') + reserve('second', 'struct event'))}`,
      ['first: 24 a', 'second: 20 pid'],
    ],
    ['nothing for an object that sends no events', `${hash('kept', 'int', 'int')}${program('')}`, []],
  ])('goes by %s', (_, source, expected) => {
    expect(types(source)).toEqual(expected);
  });

  it.each<[string, string, string, string]>([
    [
      'none of its structs is in BTF',
      `${STRUCTS}${ring('events')}${program(reserve('events', 'struct event'))}`,
      'its BTF has no struct that could be one',
      'Keep the struct in the object with a pointer, "struct event *unused;", and compile it again',
    ],
    [
      'two structs are pinned and have the same size',
      `${STRUCTS}${ring('events')} struct event *a; struct twin *b;${program(reserve('events', 'struct event'))}`,
      '2 structs fit; there are event (20 bytes), twin (20 bytes)',
      'Choose one: --event-type events=event',
    ],
    [
      'no struct has the size of the records',
      `${STRUCTS}${ring('events')} struct other *b;${program(reserve('events', 'struct event'))}`,
      'the programs send records of 20 bytes, and none of its structs has 20 bytes; there are other (24 bytes)',
      'Choose one: --event-type events=other',
    ],
    [
      'records of two sizes are sent',
      `${STRUCTS}${ring('events')} struct event *a; struct other *b;
       ${program(reserve('events', 'struct event') + reserve('events', 'struct other'))}`,
      'the programs send records of 20 and 24 bytes; there are event (20 bytes), other (24 bytes)',
      'Choose one: --event-type events=event',
    ],
    [
      'the only struct is the value of a map, and nothing says that it is sent',
      `${STRUCTS}${PERF}${hash('kept', 'int', 'struct event')}${program('')}`,
      'nothing says how large its records are; there are event (20 bytes)',
      'Choose one: --event-type events=event',
    ],
    [
      "a key of a map and a program's context are not events",
      `${STRUCTS}${ring('events')}${hash('kept', 'struct twin', 'int')}
       ${program(reserve('events', 'struct event'), 'struct twin')}`,
      'its BTF has no struct that could be one',
      'Keep the struct in the object with a pointer, "struct event *unused;", and compile it again',
    ],
    [
      'one of two maps stays unknown',
      `${STRUCTS}${ring('first', 'second')} struct event *a;${program(reserve('first', 'struct event') + reserve('second', 'struct other'))}`,
      'the programs send records of 24 bytes, and none of its structs has 24 bytes; there are event (20 bytes)',
      'Choose one: --event-type second=event',
    ],
  ])('says why and what to type where %s', (_, source, reason, hint) => {
    expect(() => types(source)).toThrow(
      expect.objectContaining({
        code: 'EBPM_EVENT_TYPE_MISSING',
        message: expect.stringMatching(/^Cannot tell of which struct the events of map "\w+" are: /),
        hint,
      }),
    );
    expect(() => types(source)).toThrow(reason);
  });

  it('is told by ebpm check too', () => {
    const pkg = open(`${STRUCTS}${ring('events')}${program(reserve('events', 'struct event'))}`);
    expect(checkPackage(pkg, thisHost()).findings.at(-1)).toMatchObject({
      subject: 'events of map "events"',
      outcome: 'missing',
      reason: 'their struct is not known: its BTF has no struct that could be one',
    });
  });

  it('takes a struct that was chosen, for all maps or for one', () => {
    const one = `${STRUCTS}${ring('events')} struct event *a; struct twin *b;${program(reserve('events', 'struct event'))}`;
    expect(types(one, [{ map: undefined, struct: 'twin' }])).toEqual(['events: 20 x']);
    expect(types(one, [{ map: 'events', struct: 'event' }])).toEqual([EVENT]);
    const two = `${STRUCTS}${ring('first', 'second')} struct event *a; struct twin *b;
      ${program(reserve('first', 'struct event') + reserve('second', 'struct event'))}`;
    const choices = [
      { map: undefined, struct: 'event' },
      { map: 'second', struct: 'twin' },
    ];
    expect(types(two, choices)).toEqual(['first: 20 pid', 'second: 20 x']);
  });

  it.each([
    [{ map: 'none', struct: 'event' }, 'it has no event map "none"; its event maps are events'],
    [{ map: undefined, struct: 'nothing' }, 'its object has no such struct; there are event'],
  ])('refuses the choice %j', (choice, reason) => {
    const source = `${STRUCTS}${ring('events')} struct event *a;${program('')}`;
    expect(() => open(source, [choice])).toThrow(
      expect.objectContaining({ code: 'EBPM_EVENT_TYPE_UNKNOWN', message: expect.stringContaining(reason) }),
    );
  });
});

describe('openPackage(), of a package that says no type', () => {
  const both = `${STRUCTS}${ring('first', 'second')}${hash('kept', 'int', 'struct twin')} struct event *a; struct other *b;
    ${program(reserve('first', 'struct event') + reserve('second', 'struct other'))}`;
  const named = (...names: readonly string[]) => names.map((name): EunomiaMap => ({ name, ident: name }));

  it('shows its sampled maps beside the events of several maps', () => {
    const pkg = packaged(both, [
      ...named('first', 'second'),
      { ...named('kept')[0], sample: { interval: 100 } } as EunomiaMap,
    ]);
    expect(eventSources(pkg).map(({ map }) => map.name)).toEqual(['first', 'second']);
    expect(sampledMaps(pkg, { perCpu: 'sum' }).map(({ map }) => map.name)).toEqual(['kept']);
  });

  it('shows a map that it does not name, where somebody chooses a struct for it', () => {
    expect(eventSources(packaged(both, []))).toEqual([]);
    const chosen = [{ map: 'second', struct: 'other' }];
    expect(eventSources(packaged(both, [], chosen))).toMatchObject([
      { map: { name: 'second' }, type: { sizeBytes: 24 } },
    ]);
    const all = [{ map: undefined, struct: 'event' }];
    expect(eventSources(packaged(both, [], all)).map(({ map }) => map.name)).toEqual(['first', 'second']);
  });

  it('shows each of several maps with its own type, where the object proves what the metadata does not say', () => {
    const types = (source: string) => {
      const { object } = open(source);
      const export_types = ['event', 'other'].map((name) => {
        const type = object.btf?.find(name, 'struct');
        if (type?.kind !== 'struct') throw new Error(`the source has no struct ${name}`);
        const members = type.members.map((member) => ({ name: member.name, type: '' }));
        return { name, size: type.sizeBytes, type_id: type.id, members };
      });
      const pkg = packaged(source, named('first', 'second'), [], export_types);
      return eventSources(pkg).map(({ map, type }) => `${map.name}: ${type.sizeBytes}`);
    };
    expect(types(both)).toEqual(['first: 20', 'second: 24']);
    // As eunomia-bpf's loader has it: the last map, with the first type.
    const unproved = both.replace(reserve('first', 'struct event'), reserve('first', 'long'));
    expect(types(unproved)).toEqual(['second: 20']);
  });
});
