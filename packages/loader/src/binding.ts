import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { addonUnavailable } from './addon-unavailable.js';
import type { BufferCounts } from './buffer-counts.js';
import type { MapInfo, ProgramInfo } from './object-info.js';
import type { Entrusted } from './remains.js';

/** The addon as native/addon.cc makes it. Every call may throw a NativeFailure. */
export interface Binding {
  readonly beneath: NativeBeneath;
  readonly BpfObject: new (bytes: Uint8Array, name: string, btf: string | Uint8Array | undefined) => NativeObject;
  probeProgramType(type: number): boolean;
  probeMapType(type: number): boolean;
  /** Loads a program of a few instructions, of 8 bytes each, that nothing runs; `errno` is 0 where the kernel took it. */
  tryProgram(
    type: number,
    expectedAttachType: number,
    attachBtfId: number,
    sleepable: boolean,
    license: string,
    code: Uint8Array,
  ): { readonly errno: number; readonly log: string };
  /** Makes a map that nothing uses; its errno, 0 where the kernel made it. */
  tryMap(type: number, keyBytes: number, valueBytes: number, entries: number, flags: number): number;
  /**
   * native/minimal-btf.h: names without flavour, and for each the numbers of its kinds as bits. Undefined where the kernel's BTF is
   * not there or is none that can be read.
   */
  minimalBtf(
    kernel: string | Uint8Array,
    names: readonly string[],
    kinds: readonly number[],
  ): NativeMinimalBtf | undefined;
  /** A copy of a kernel's BTF, up to 64 MiB. */
  readKernelBtf(path: string): Uint8Array;
  /** native/attach/probe-link.h */
  probeLink(kind: LinkKind): { readonly supported: boolean; readonly errno: number };
  /** Its number in this network namespace; 0 when there is none. */
  interfaceIndex(name: string): number;
  /** Whether the interface has a clsact or an ingress qdisc. */
  hasClsact(ifindex: number): boolean;
  /** Removes the filters with that program; how many there were. */
  removeTcFilters(ifindex: number, egress: boolean, programId: number): number;
  /** Removes the clsact qdisc when nothing hangs on it. */
  removeUnusedClsact(ifindex: number): void;
  /** For a map that its owner left registered. Nothing happens where it is gone. */
  unregisterStructOps(mapId: number): void;
  libbpfVersion(): string;
  /** The system's (`shared`), or inside the addon (`static`). */
  libbpfLinkage(): 'shared' | 'static';
  readonly PrivilegedHelper: new (
    uid: number,
    gid: number,
    capabilities: readonly number[],
    entrusted: readonly Entrusted[],
  ) => NativeHelper;
  /** For good. This thread stays who it is. */
  dropOtherThreads(uid: number, gid: number): void;
  /** For good, and nothing can be had back by any thread from then on. */
  dropThisThread(uid: number, gid: number): void;
  /**
   * Starts a process that holds a copy of each of our eBPF descriptors until `letGo` is called or this process ends;
   * undefined when none could be started.
   */
  holdDescriptors(): (() => void) | undefined;
  /** Two ends of a UNIX stream socket, which are not inherited. */
  socketPair(): [number, number];
  /** native/guest/channel.cc: up to 253 descriptors go along. It waits until all of it is sent, at most 5 s without progress. */
  sendFrame(fd: number, bytes: Uint8Array, descriptors: Int32Array): void;
  /** Waits for a frame; undefined when the other end is closed. The descriptors are the caller's. */
  receiveFrame(fd: number): { readonly bytes: Uint8Array; readonly descriptors: number[] } | undefined;
  /** Whether it became readable, or was closed at the other end, within that time; -1: for ever. */
  waitReadable(fd: number, timeoutMs: number, other: number): boolean;
  /** For this thread, which starts children: no capability passes through execve, and none is gained by it. */
  shedForChild(): void;
  /** For good and for all threads: no_new_privs, no execve, no core dump, no debugger. */
  lockGuestDown(): void;
  /** The kernel kills this process when the thread that started it ends. A change of identity undoes it. */
  dieWithParent(): void;
  /** The descriptor is only borrowed. */
  openGuestRing(fd: number): NativeGuestBuffer;
  /** The descriptors are the buffer's from then on. */
  openGuestPerf(fds: Int32Array, cpus: Int32Array, pages: number): NativeGuestBuffer;
  /** native/guest/map-operate.h: 0 or a negative errno. */
  mapOperate(
    fd: number,
    command: number,
    key: Uint8Array | undefined,
    value: Uint8Array | undefined,
    nextKey: Uint8Array | undefined,
    flags: bigint,
  ): number;
  /** A descriptor: the kernel counts the runs of programs, and their time, for as long as it is open. */
  enableRunStatistics(): number;
}

/** native/beneath.h: directories and files are descriptors. */
export interface NativeBeneath {
  /** A descriptor. Flags are open(2)'s; O_CLOEXEC is always set. */
  open(directory: number, path: string, flags: number, mode: number): number;
  makeDirectory(directory: number, path: string): void;
  removeDirectory(directory: number, path: string): void;
  unlink(directory: number, path: string): void;
  rename(directory: number, path: string, newDirectory: number, newPath: string): void;
  link(directory: number, path: string, newDirectory: number, newPath: string): void;
  symlink(target: string, directory: number, path: string): void;
  readLink(directory: number, path: string): Uint8Array;
  readDirectory(fd: number, cookie: bigint, maxBytes: number): readonly NativeDirectoryEntry[];
  /** Of seconds and nanoseconds, the latter with UTIME_NOW and UTIME_OMIT as utimensat(2) has them. */
  setTimes(
    fd: number,
    accessedSeconds: bigint,
    accessedNanoseconds: number,
    modifiedSeconds: bigint,
    modifiedNanoseconds: number,
  ): void;
  setAppend(fd: number, append: boolean): void;
  allocate(fd: number, offset: bigint, length: bigint): void;
}

/** native/directory-entries.h; `type` is one of DT_UNKNOWN and so on of readdir(3). */
export interface NativeDirectoryEntry {
  readonly name: Uint8Array;
  readonly inode: bigint;
  readonly next: bigint;
  readonly type: number;
}

/** What is left of a kernel's BTF for one object. */
export interface NativeMinimalBtf {
  readonly bytes: Uint8Array;
  /** Names that the object asks for and this BTF does not have. */
  readonly missing: readonly string[];
}

/** native/bpf-object.h */
export interface NativeObject {
  programs(): ProgramInfo[];
  maps(): MapInfo[];
  /** By libbpf's name, or by the section for the map of a data section. */
  map(name: string): MapInfo | undefined;
  setAutoload(program: string, autoload: boolean): void;
  initialValue(map: string): Uint8Array | undefined;
  setInitialValue(map: string, bytes: Uint8Array): void;
  setMaxEntries(map: string, maxEntries: number): void;
  /** For a section that the libbpf in use does not know yet. */
  setType(program: string, type: number, attachType: number, sleepable: boolean): void;
  /** Before load: has the kernel register a struct_ops map through a link. */
  linkStructOps(map: string): void;
  load(): void;
  /** The kernel's numbers. */
  programId(program: string): number;
  mapId(map: string): number;
  /** As libbpf reads it from the section's name. */
  attach(program: string): NativeLink;
  /** The target is a descriptor or the number of an interface, as the attach type wants it. */
  attachTo(program: string, target: number, attachType: number, flags: number): NativeLink;
  attachNetfilter(
    program: string,
    attachType: number,
    protocolFamily: number,
    hook: number,
    priority: number,
  ): NativeLink;
  /** `pid` 0: every process. */
  attachUprobeMulti(
    program: string,
    attachType: number,
    path: string,
    offsets: BigUint64Array,
    flags: number,
    pid: number,
  ): NativeLink;
  /** `sample`: samples a second, or events a sample. -1: every process, every CPU. */
  attachPerfEvent(
    program: string,
    type: number,
    config: number,
    sample: number,
    byFrequency: boolean,
    pid: number,
    cpu: number,
  ): NativeLink;
  /** `pid` -1: every process. */
  attachUprobe(
    program: string,
    pid: number,
    path: string,
    symbol: string,
    offset: number,
    onReturn: boolean,
  ): NativeLink;
  attachUsdt(program: string, pid: number, path: string, provider: string, name: string): NativeLink;
  attachSocketFilter(program: string, ifindex: number): NativeLink;
  attachToMap(program: string, map: string, attachType: number): NativeLink;
  attachIterator(program: string, over: '' | 'map' | 'cgroup' | 'pid', value: string | number): NativeLink;
  attachStructOps(map: string): NativeLink;
  /** With classic tc, which has no link: the filter stays until it is removed. 0 lets the kernel choose. */
  attachTc(
    program: string,
    ifindex: number,
    egress: boolean,
    handle: number,
    priority: number,
  ): { readonly handle: number; readonly priority: number };
  /** What it returned. */
  runSyscallProgram(program: string): number;
  consumeRing(map: string, onBatch: NativeOnBatch, batchBytes: number): NativeConsumer;
  consumePerf(map: string, onBatch: NativeOnBatch, batchBytes: number, pages: number, cpus: Int32Array): NativeConsumer;
  /** The object's own, valid until it is closed. */
  mapDescriptor(map: string): number;
  /** The rings of a perf event array, one for each of the CPUs; they stay open with the object. */
  openPerf(map: string, pages: number, cpus: Int32Array): Int32Array;
  readMap(map: string, limitBytes: number, clear: boolean): NativeMapEntries;
  /** Keys and values stand one after another. */
  updateMap(map: string, keys: Uint8Array, values: Uint8Array): void;
  deleteKeys(map: string, keys: Uint8Array): void;
  countEntries(map: string, limit: number): number;
  /** A failure's log names what failed. */
  countRefusals(maps: readonly string[]): NativeRefusalCounter;
  programCounts(program: string): NativeProgramCounts;
  close(): void;
}

/** native/link.h */
export interface NativeLink {
  /** A descriptor, the caller's, that gives the text of an iterator from its start. */
  iterate(): number;
  close(): void;
  /** Undefined where the kernel tells nothing of the link, and once it is closed. */
  misses(): NativeLinkMisses | undefined;
}

export interface NativeLinkMisses {
  /** Whether this kernel counts skipped runs: Linux 6.7 and newer. */
  readonly counted: boolean;
  /** Hits of a kprobe that did not run its program; 0 for other links. */
  readonly missed: bigint;
}

/** native/run-statistics.h */
export interface NativeProgramCounts {
  readonly recursionMisses: bigint;
  readonly runs: bigint;
  readonly runTimeNs: bigint;
}

/** native/refusal-counter.h */
export interface NativeRefusalCounter {
  /** In the order of the maps. */
  counts(): bigint[];
  missed(): bigint;
  close(): void;
}

/** Kinds of link that a kernel may not have, as native/attach/probe-link.cc knows them. */
export type LinkKind = 'kprobe_multi' | 'tcx' | 'netfilter' | 'uprobe_multi' | 'cgroup_unix' | 'struct_ops';

/** native/privileged-helper.h */
export interface NativeHelper {
  /** A descriptor, the caller's. `kind` and `path` as native/process-file.h has them. */
  openProcessFile(pid: number, kind: number, path: string): number;
  close(): void;
}

/** native/consumer.h */
export interface NativeConsumer {
  drain(): void;
  pause(): void;
  resume(): void;
  close(): void;
  buffer(): BufferCounts;
}

/** Called with a batch, or once with the reason why there will be no more. It must not throw. */
export type NativeOnBatch = (bytes: Uint8Array | undefined, count: number, broken: string | undefined) => void;

/** native/guest/guest-buffer.h */
export interface NativeGuestBuffer {
  /** Bytes written into `out`, whole records; negative: what the next record alone needs. */
  read(out: Uint8Array): number;
  /** 0 after the time, 1 when there are events, 2 when `controlFd` is readable. -1 waits for ever. */
  wait(controlFd: number, timeoutMs: number): 0 | 1 | 2;
  lost(): number;
  close(): void;
}

/** native/map-entries.h */
export interface NativeMapEntries {
  readonly count: number;
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
}

/**
 * Where the addon may lie, relative to this module, in the order in which they are tried: in the published package, where
 * node-gyp builds it in a clone, and beside a clone's bundle.
 */
const PLACES = [
  `../prebuilds/${process.platform}-${process.arch}/ebpm_loader.node`,
  '../build/Release/ebpm_loader.node',
  './ebpm_loader.node',
];

/**
 * The native addon: the first that is there and can be loaded.
 * @throws EBPM_LOADER_UNAVAILABLE with what to type
 */
export function loadBinding(places: readonly string[] = PLACES): Binding {
  if (places !== PLACES) return load(places);
  loaded ??= load(places);
  return loaded;
}

/** Kept, since a process that has given its rights up may not be able to look where it lies any more. */
let loaded: Binding | undefined;

function load(places: readonly string[]): Binding {
  const require = createRequire(import.meta.url);
  const failures: Error[] = [];
  for (const place of places) {
    const path = fileURLToPath(new URL(place, import.meta.url));
    if (!existsSync(path)) continue;
    try {
      return require(path);
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  throw addonUnavailable(failures);
}
