import type { TrialProgram } from '@ebpm/loader';

/** The simplest program, to ask for a function with. */
export const SOCKET_FILTER: TrialProgram = {
  type: 1,
  expectedAttachType: 0,
  attachBtfId: 0,
  sleepable: false,
  license: 'GPL',
};

/**
 * A helper of Linux 5.11, where maps began to be counted as memory of the cgroup; libbpf asks the same.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/bpf.c (probe_memcg_account)
 */
export const KTIME_GET_COARSE_NS = 160;
