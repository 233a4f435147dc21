import { EbpmError } from '@ebpm/formats';

/** One kernel of the lab. */
export interface KernelRow {
  /** Debian's meta package: it depends on the package that holds the newest kernel of the series. */
  readonly metaPackage: string;
  /** How the name of that package starts; on another Debian release the same meta package may mean another series. */
  readonly imagePrefix: string;
  /**
   * Modules that the guest's init loads, in this order: paths below `lib/modules/<release>/kernel`. Virtual interfaces and classic tc
   * are modules everywhere; what names them may be compressed.
   */
  readonly modules: readonly string[];
}

/** The kernels that the lab can boot. 6.12 has virtio built in; 6.1 has it as modules. */
export const KERNELS = {
  '6.1': {
    metaPackage: 'linux-image-cloud-amd64',
    imagePrefix: 'linux-image-6.1.',
    modules: [
      'drivers/virtio/virtio_ring.ko',
      'drivers/virtio/virtio.ko',
      'drivers/virtio/virtio_pci_legacy_dev.ko',
      'drivers/virtio/virtio_pci_modern_dev.ko',
      'drivers/virtio/virtio_pci.ko',
      'drivers/char/virtio_console.ko',
      'drivers/net/veth.ko',
      'drivers/net/dummy.ko',
      'net/sched/sch_ingress.ko',
      'net/sched/cls_bpf.ko',
    ],
  },
  '6.12': {
    metaPackage: 'linux-image-6.12-cloud-amd64',
    imagePrefix: 'linux-image-6.12.',
    modules: [
      'drivers/net/veth.ko.xz',
      'drivers/net/dummy.ko.xz',
      'net/sched/sch_ingress.ko.xz',
      'net/sched/cls_bpf.ko.xz',
    ],
  },
} as const satisfies Readonly<Record<string, KernelRow>>;

/** A kernel series that the lab can boot. */
export type KernelVersion = keyof typeof KERNELS;

/** All kernel series of the lab, oldest first. */
export const KERNEL_VERSIONS: readonly KernelVersion[] = ['6.1', '6.12'];

/**
 * Reads a kernel version that a person typed.
 * @throws EBPM_LAB_KERNEL_UNKNOWN
 */
export function parseKernelVersion(text: string): KernelVersion {
  const version = KERNEL_VERSIONS.find((known) => known === text);
  if (version !== undefined) return version;
  throw new EbpmError(
    'EBPM_LAB_KERNEL_UNKNOWN',
    `Cannot boot kernel ${JSON.stringify(text)}: the lab has ${KERNEL_VERSIONS.join(' and ')}`,
  );
}
