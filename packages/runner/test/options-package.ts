import type { EunomiaMeta } from '@ebpm/formats';
import { CheckedObject } from '@ebpm/object';
import { compileFixture } from '../../../test/support/compile-fixture.js';
import type { RunnablePackage } from '../src/runnable-package.js';

type Skel = EunomiaMeta['bpf_skel'];
type Change = Partial<Omit<EunomiaMeta, 'bpf_skel'>> & { readonly bpf_skel?: Partial<Skel> };

const CHECKED = CheckedObject.read(compileFixture(new URL('fixtures/options.bpf.c', import.meta.url)));
const EVENT = CHECKED.object.btf?.find('event', 'struct');

/** The package of fixtures/options.bpf.c, with a part of its metadata changed. */
export function optionsPackage({ bpf_skel, ...meta }: Change = {}): RunnablePackage {
  const variables = [
    { name: 'pid', type: 'pid_t', cmdarg: { default: 0, short: 'p', long: 'target-pid' }, description: 'Only this' },
    { name: 'tiny', type: 'unsigned char' },
    { name: 'huge', type: 'unsigned long long' },
    { name: 'mode', type: 'enum mode' },
    { name: 'plain', type: 'bool' },
    { name: 'on', type: 'bool', value: true },
    { name: 'name', type: 'char[8]' },
    { name: 'ratio', type: 'double' },
  ];
  const hidden = [{ name: 'pointer', type: 'struct event *' }];
  return {
    name: 'options_bpf',
    checked: CHECKED,
    object: CHECKED.object,
    meta: {
      export_types: [
        {
          name: 'event',
          size: 20,
          type_id: EVENT?.id ?? 0,
          members: [
            { name: 'pid', type: 'int' },
            { name: 'comm', type: 'char[16]' },
          ],
        },
      ],
      ...meta,
      bpf_skel: {
        obj_name: 'options_bpf',
        maps: [{ name: 'events', ident: 'events' }],
        progs: [],
        data_sections: [
          { name: '.rodata', variables },
          { name: '.bss', variables: hidden },
        ],
        ...bpf_skel,
      },
    },
  };
}
