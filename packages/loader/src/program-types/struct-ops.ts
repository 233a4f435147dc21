import { loadBinding, type NativeObject } from '../binding.js';
import { recordRemains, type StructOpsRemains } from '../remains.js';
import { KERNEL_FEATURES } from './kernel-features.js';
import type { Attachment, AttachRequest, ProgramType } from './program-type.js';

/**
 * A table of functions that the kernel calls, such as a TCP congestion control: `struct_ops/FUNCTION`, with the table in section
 * `.struct_ops`. The first of the programs registers all tables of the object, the others come with them.
 *
 * Registered through a link where the kernel has it (Linux 6.4), which ends with the process. Before that the table stays registered
 * until it is taken back, so a record is kept meanwhile (remains.ts). A table that is in use, by a socket for instance, stays until
 * it is not.
 *
 * Needs Linux 5.6 (`BPF_PROG_TYPE_STRUCT_OPS`) and the kernel's BTF. Errors: EBPM_ATTACH_FAILED where the name is taken.
 * @see https://github.com/torvalds/linux/blob/v5.6/include/uapi/linux/bpf.h
 */
export const STRUCT_OPS: ProgramType = {
  name: 'struct_ops',
  sections: ['struct_ops/FUNCTION'],
  prefixes: ['struct_ops', 'struct_ops.s'],
  minimumKernel: '5.6',
  targets: [],
  attach,
};

/** BPF_MAP_TYPE_STRUCT_OPS (include/uapi/linux/bpf.h). */
const STRUCT_OPS_MAP = 26;

function tables(native: NativeObject): readonly string[] {
  return native
    .maps()
    .filter(({ type }) => type === STRUCT_OPS_MAP)
    .map(({ name }) => name);
}

/** To be called before an object is loaded: asks for links where the kernel has them. */
export function prepareStructOps(native: NativeObject): void {
  const names = tables(native);
  if (names.length === 0 || KERNEL_FEATURES.structOpsLink.probe()?.supported !== true) return;
  for (const name of names) native.linkStructOps(name);
}

function attach({ native, program }: AttachRequest): Attachment {
  const first = native.programs().find(({ type, autoload }) => autoload && type === program.type);
  if (first?.name !== program.name) return { place: 'with the table of its object', close: () => {} };
  const held: Attachment[] = [];
  const close = () => {
    for (const attachment of held.toReversed()) attachment.close();
  };
  try {
    for (const name of tables(native)) held.push(register(native, name));
  } catch (error) {
    close();
    throw error;
  }
  return {
    place: `table ${tables(native).join(', ')}`,
    remains: held.flatMap(({ remains = [] }) => remains),
    close,
    entrust: () => held.flatMap(({ entrust }) => entrust?.() ?? []),
  };
}

function register(native: NativeObject, name: string): Attachment {
  if (KERNEL_FEATURES.structOpsLink.probe()?.supported === true) {
    const link = native.attachStructOps(name);
    return { close: () => link.close() };
  }
  const remains: StructOpsRemains = { kind: 'struct_ops', mapId: native.mapId(name) };
  const record = recordRemains(remains);
  try {
    const link = native.attachStructOps(name);
    let isEntrusted = false;
    return {
      remains: [remains],
      close: () => {
        link.close();
        if (!isEntrusted) record.forget();
      },
      entrust: () => {
        isEntrusted = true;
        return [{ record: record.path }];
      },
    };
  } catch (error) {
    loadBinding().unregisterStructOps(remains.mapId);
    record.forget();
    throw error;
  }
}
