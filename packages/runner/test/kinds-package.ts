import { CheckedObject } from '@ebpm/object';
import { compileFixture } from '../../../test/support/compile-fixture.js';
import type { RunnablePackage } from '../src/runnable-package.js';

const CHECKED = CheckedObject.read(compileFixture(new URL('fixtures/kinds.bpf.c', import.meta.url)));

/** The package of fixtures/kinds.bpf.c, whose metadata says nothing of its variables. */
export function kindsPackage(): RunnablePackage {
  return {
    name: 'kinds_bpf',
    checked: CHECKED,
    object: CHECKED.object,
    meta: { export_types: [], bpf_skel: { obj_name: 'kinds_bpf', maps: [], progs: [], data_sections: [] } },
  };
}
