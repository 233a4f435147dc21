import type { EunomiaMap, EunomiaMeta } from '@ebpm/formats';
import { CheckedObject } from '@ebpm/object';
import { compileFixture } from '../../../test/support/compile-fixture.js';
import type { RunnablePackage } from '../src/runnable-package.js';

const CHECKED = CheckedObject.read(compileFixture(new URL('fixtures/several.bpf.c', import.meta.url)));

/** The id of a struct of fixtures/several.bpf.c. */
export function structId(name: string): number {
  const type = CHECKED.object.btf?.find(name, 'struct');
  if (type === undefined) throw new Error(`the fixture has no struct ${name}`);
  return type.id;
}

/** The package of fixtures/several.bpf.c: its maps with what the metadata says of them, by name. */
export function severalPackage(
  maps: Readonly<Record<string, Partial<EunomiaMap>>>,
  meta: Partial<EunomiaMeta> = {},
): RunnablePackage {
  return {
    name: 'several_bpf',
    checked: CHECKED,
    object: CHECKED.object,
    meta: {
      export_types: [],
      enable_multiple_export_types: true,
      ...meta,
      bpf_skel: {
        obj_name: 'several_bpf',
        maps: Object.entries(maps).map(([name, described]) => ({ name, ident: name, ...described })),
        progs: [],
        data_sections: [],
      },
    },
  };
}
