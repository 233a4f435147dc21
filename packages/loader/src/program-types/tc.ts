import { loadBinding } from '../binding.js';
import { currentNetns, recordRemains, removeTcRemains, type TcRemains } from '../remains.js';
import { held } from './attach-by-section.js';
import { interfaceTarget } from './find-target.js';
import { KERNEL_FEATURES } from './kernel-features.js';
import type { Attachment, AttachRequest, ProgramType } from './program-type.js';

/**
 * Every packet that enters or leaves an interface: `tc`, `classifier`. The interface comes from `--target-ifname` or the package
 * (`@tchook {"ifindex": ..., "attach_point": "BPF_TC_EGRESS"}`, `@target {"ifname": ...}`).
 *
 * Attached through tcx where the kernel has it, since a link ends with the process. A package that names a handle or a priority
 * (`@tcopts`) means classic tc and gets it, as does every kernel without tcx: a filter in direct-action mode on the clsact qdisc, which
 * is made where there is none. For that there is no link, so a record is kept until the filter is removed (remains.ts).
 *
 * Needs Linux 4.5 (clsact). Errors: EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING, EBPM_ATTACH_FAILED where handle and priority are
 * taken.
 * @see https://github.com/torvalds/linux/blob/v4.5/net/sched/sch_ingress.c
 */
export const TC: ProgramType = {
  name: 'tc',
  sections: ['tc', 'classifier'],
  prefixes: ['tc', 'classifier'],
  minimumKernel: '4.5',
  targets: ['ifname'],
  attach,
};

/** BPF_TCX_INGRESS and BPF_TCX_EGRESS (include/uapi/linux/bpf.h, v6.6). */
const TCX_INGRESS = 46;
const TCX_EGRESS = 47;

function attach(request: AttachRequest): Attachment {
  const { native, program, settings } = request;
  const ifindex = interfaceTarget(request);
  const { egress = false, handle, priority } = settings.tc ?? {};
  const place = `interface ${ifindex}, ${egress ? 'egress' : 'ingress'}`;
  if (handle === undefined && priority === undefined && KERNEL_FEATURES.tcx.probe()?.supported === true) {
    const link = native.attachTo(program.name, ifindex, egress ? TCX_EGRESS : TCX_INGRESS, 0);
    return held(link, `${place} (tcx)`);
  }
  return attachClassic(request, { ifindex, egress, place });
}

interface Place {
  readonly ifindex: number;
  readonly egress: boolean;
  readonly place: string;
}

/** The record comes first: a process that is killed between the two leaves nothing that nobody knows of. */
function attachClassic({ native, program, settings }: AttachRequest, { ifindex, egress, place }: Place): Attachment {
  const remains: TcRemains = {
    kind: 'tc',
    netns: currentNetns(),
    ifindex,
    egress,
    programId: native.programId(program.name),
    madeQdisc: !loadBinding().hasClsact(ifindex),
  };
  const record = recordRemains(remains);
  let isEntrusted = false;
  const close = () => {
    if (isEntrusted) return;
    removeTcRemains(remains);
    record.forget();
  };
  const entrust = () => {
    isEntrusted = true;
    return [{ record: record.path, tc: remains }];
  };
  try {
    native.attachTc(program.name, ifindex, egress, settings.tc?.handle ?? 0, settings.tc?.priority ?? 0);
  } catch (error) {
    close();
    throw error;
  }
  return { place: `${place} (classic tc)`, remains: [remains], close, entrust };
}
