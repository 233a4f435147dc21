import { EbpmError } from '@ebpm/formats';
import type { NativeLink } from '../binding.js';
import { cgroupTarget, pidTarget } from './find-target.js';
import type { Attachment, AttachRequest, ProgramType } from './program-type.js';
import { withDescriptor } from './with-descriptor.js';

/**
 * Goes over what the kernel has, and prints text: `iter/KIND`, such as `iter/task`, `iter/tcp`, `iter/bpf_map_elem`. `iter.s` may
 * sleep. What is printed is read once, when the run starts.
 *
 * `--target-pid` narrows the iterators of tasks to one process (Linux 6.1). Those of a map's elements need `@target {"map": ...}`, that
 * of cgroups `--target-cgroup`.
 *
 * Needs Linux 5.8 (`BPF_TRACE_ITER`) and the kernel's BTF. Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING; on loading
 * EBPM_ATTACH_TARGET_MISSING, EBPM_BTF_MISSING.
 * @see https://github.com/torvalds/linux/blob/v5.8/include/uapi/linux/bpf.h
 */
export const ITER: ProgramType = {
  name: 'iter',
  sections: ['iter/KIND'],
  prefixes: ['iter', 'iter.s'],
  minimumKernel: '5.8',
  targets: ['pid', 'cgroup'],
  attach,
};

/** Iterators that go over the elements of one map. */
const OF_A_MAP = ['bpf_map_elem', 'bpf_sk_storage_map', 'sockmap'];

function attach(request: AttachRequest): Attachment {
  const link = makeLink(request);
  return { iterate: () => link.iterate(), close: () => link.close() };
}

function makeLink(request: AttachRequest): NativeLink {
  const { native, program, kind, settings } = request;
  const iterator = kind.attach?.kind === 'iterator' ? kind.attach.iterator : '';
  if (OF_A_MAP.includes(iterator)) {
    const map = settings.target?.map;
    if (map === undefined || native.map(map) === undefined) throw mapMissing(request);
    return native.attachIterator(program.name, 'map', map);
  }
  if (iterator === 'cgroup') {
    return withDescriptor(program, cgroupTarget(request), (descriptor) =>
      native.attachIterator(program.name, 'cgroup', descriptor),
    );
  }
  const pid = iterator.startsWith('task') ? pidTarget(request) : undefined;
  return pid === undefined
    ? native.attachIterator(program.name, '', 0)
    : native.attachIterator(program.name, 'pid', pid);
}

function mapMissing({ program }: AttachRequest): EbpmError {
  return new EbpmError(
    'EBPM_ATTACH_TARGET_MISSING',
    `Cannot attach "${program.name}" to ${program.section}: the package names no map of the object for it`,
    {
      hint: 'annotate the program in its source: /// @target {"map": "NAME"}',
      data: { program: program.name, section: program.section },
    },
  );
}
