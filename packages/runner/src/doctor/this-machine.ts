import { accessSync, constants, existsSync } from 'node:fs';
import { release } from 'node:os';
import { delimiter, join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import {
  hasKernelBtf,
  inUserNamespace,
  kernelCapabilities,
  libbpfVersion,
  probeHelper,
  probeMapType,
  probeProgramType,
  tracingSupport,
} from '@ebpm/loader';
import { RINGBUF } from '@ebpm/object';
import { textAt } from '../check/if-readable.js';
import { readKernelConfig } from '../check/kernel-config.js';
import { KTIME_GET_COARSE_NS, SOCKET_FILTER } from '../check/memlock-trial.js';
import { lockdownMode, memlockLimit } from '../check/process-limits.js';
import type { Machine } from './machine.js';

/** Looks at this machine. @param path where programs are looked for, as in PATH */
export function thisMachine(path: string): Machine {
  const { libbpf, addonFailure } = addon();
  const isLoaded = libbpf !== undefined;
  return {
    kernel: release(),
    libbpf,
    addonFailure,
    capabilities: kernelCapabilities(),
    inUserNamespace: inUserNamespace(),
    loadsPrograms: isLoaded ? probeProgramType(SOCKET_FILTER.type) : undefined,
    kernelBtf: hasKernelBtf(),
    tracing: tracingSupport(),
    ringBuffer: isLoaded ? probeMapType(RINGBUF) : undefined,
    memlockCounts: isLoaded ? memlockCounts() : undefined,
    memlockBytes: memlockLimit(),
    lsms: textAt('/sys/kernel/security/lsm')?.trim().split(','),
    lockdown: lockdownMode(),
    mounted: mountedKinds(textAt('/proc/self/mounts') ?? ''),
    settings: new Map(SETTINGS.flatMap(setting)),
    config: readKernelConfig(),
    hasProgram: (name) => path.split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, name))),
  };
}

const SETTINGS = ['kernel.unprivileged_bpf_disabled', 'net.core.bpf_jit_enable', 'kernel.perf_event_paranoid'];

function addon(): Pick<Machine, 'libbpf' | 'addonFailure'> {
  try {
    return { libbpf: libbpfVersion(), addonFailure: undefined };
  } catch (error) {
    if (!(error instanceof EbpmError)) throw error;
    return { libbpf: undefined, addonFailure: [error.message, error.hint].filter(Boolean).join('; ') };
  }
}

function memlockCounts(): boolean | undefined {
  const answer = probeHelper(SOCKET_FILTER, KTIME_GET_COARSE_NS);
  return answer === undefined ? undefined : !answer.allowed;
}

/** The third word of each line. @see proc_pid_mounts(5) */
export function mountedKinds(mounts: string): ReadonlySet<string> {
  return new Set(mounts.split('\n').flatMap((line) => line.split(' ')[2] ?? []));
}

function setting(name: string): [string, string][] {
  const text = textAt(`/proc/sys/${name.replaceAll('.', '/')}`);
  return text === undefined ? [] : [[name, text.trim()]];
}

function isExecutable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}
