import { deflateSync } from 'node:zlib';
import { readObject } from '@ebpm/object';
import { compileFixture } from '../support/compile-fixture.js';

/** The objects that a foreign package can be made of. */
export interface ForeignPackages {
  /** Everything that eunomia-bpf's compiler says of an object, and more. */
  readonly full: string;
  /** Only what must be there: maps and programs are null. */
  readonly bare: string;
}

/**
 * Makes packages of fixtures/foreign.bpf.c as another compiler would: clang, zlib, base64, and metadata written by hand.
 * Nothing of ebpm's own compiler has a part in it; only the number of the event's type is looked up in the object.
 */
export function foreignPackages(): ForeignPackages {
  const object = compileFixture(new URL('fixtures/foreign.bpf.c', import.meta.url));
  const typeId = readObject(object).btf?.find('event', 'struct')?.id ?? 0;
  const packed = { bpf_object: deflateSync(object).toString('base64'), bpf_object_size: object.length };
  return {
    full: JSON.stringify({ ...packed, meta: fullMeta(typeId) }, null, 2),
    bare: JSON.stringify({
      meta: { bpf_skel: { obj_name: 'foreign_bpf', maps: null, progs: null, data_sections: [] } },
      ...packed,
    }),
  };
}

/** Keys that ebpm does not know are everywhere; `size`, `align` and `offset` are what old compilers wrote. */
function fullMeta(typeId: number) {
  const variable = { type: 'int', size: 4, align: 4, offset: 0 };
  return {
    eunomia_version: '0.3.4',
    perf_buffer_pages: 64,
    poll_timeout_ms: 100,
    print_header: false,
    x_unknown: { any: ['thing', null] },
    bpf_skel: {
      obj_name: 'foreign_bpf',
      x_unknown: 1,
      doc: { brief: 'Made elsewhere', x_unknown: true },
      maps: [
        { name: 'events', ident: 'events', x_unknown: 'annotation' },
        { name: 'foreign_.rodata', ident: 'rodata', mmaped: true },
        { name: 'foreign_.bss', ident: 'bss', mmaped: true, intepreter: 'default_struct', export_config: 'no_export' },
      ],
      progs: [{ name: 'on_kill', attach: 'tracepoint/syscalls/sys_enter_kill', link: true, x_unknown: [] }],
      data_sections: [
        {
          name: '.rodata',
          variables: [
            {
              ...variable,
              name: 'only_pid',
              description: 'Only this process',
              cmdarg: { default: 0, short: 'o', long: 'only-pid', help: 'only this process', x_unknown: 0 },
            },
          ],
        },
        {
          name: '.bss',
          variables: [{ name: '__eunomia_dummy_event_ptr', type: 'struct event *', size: 8, offset: 0 }],
        },
      ],
    },
    export_types: [
      {
        name: 'event',
        size: 40,
        type_id: typeId,
        x_unknown: '',
        members: [
          { name: 'pid', type: 'int' },
          { name: 'tpid', type: 'int' },
          { name: 'sig', type: 'int' },
          { name: 'comm', type: 'char[16]' },
          { name: 'both', type: 'unsigned long long' },
        ],
      },
    ],
  };
}
