import { existsSync, readdirSync, readFileSync } from 'node:fs';
import {
  findUserFile,
  functionOffsets,
  kernelBtf,
  kernelCapabilities,
  probeAttachment,
  probeHelper,
  probeKernelFunction,
  probeMap,
  probeMapType,
  probeProgramType,
  programTypeOf,
  type TrialProgram,
  tracingSupport,
} from '@ebpm/loader';
import { type OpenBtf, openBtf, openModuleBtf } from '@ebpm/object';
import { forbiddenFunctions, isMatched, isSymbolIn, kernelSymbols, traceableFunctions } from './function-lists.js';
import type { Host } from './host.js';
import { numbersOf } from './host-of-btf.js';
import { ifReadable, textAt } from './if-readable.js';
import { KeptAnswers } from './kept-answers.js';
import { readKernelConfig } from './kernel-config.js';
import { kernelVersionSetting, SYSTEM_CALL_PREFIX } from './kernel-settings.js';
import { lockdownMode, memlockLimit } from './process-limits.js';

/** Where kernels show their types, and those of their modules. */
const BTF_FOLDER = '/sys/kernel/btf';
/** tracefs has its own place since Linux 4.1; the second is where debugfs shows it. */
const TRACEFS = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];

/** What `thisHost` is given. */
export interface ThisHostOptions {
  /** What stands for the kernel's own types. */
  readonly btf?: Uint8Array | undefined;
  /** Answers of the kernel that are known from before; default: none. */
  readonly answers?: KeptAnswers;
}

/** The machine that this process runs on. What is asked twice is read once. */
export function thisHost({ btf: givenBtf, answers = new KeptAnswers(undefined) }: ThisHostOptions = {}): Host {
  const tracefs = TRACEFS.find((folder) => existsSync(`${folder}/events`));
  const bytes = once(() => givenBtf ?? kernelBtf());
  const btf = once(() => {
    const kernel = bytes();
    return kernel === undefined ? undefined : openBtf(kernel);
  });
  const symbols = once(kernelSymbols);
  const knownMapTypes = once(() => {
    const kernel = btf();
    return kernel === undefined ? undefined : numbersOf(kernel, 'bpf_map_type');
  });
  const traceable = once(() => (tracefs === undefined ? undefined : traceableFunctions(tracefs)));
  const forbidden = once(forbiddenFunctions);
  const hasFunction = (symbol: string) => {
    // The types are at hand, the symbols take some 100 ms to read.
    if (btf()?.find(symbol, 'func') !== undefined) return true;
    const list = symbols();
    return list === undefined ? undefined : isSymbolIn(list, symbol, true);
  };
  return {
    certainty: 'probed',
    btf,
    moduleBtfs(names) {
      const kernel = bytes();
      // libbpf, too, looks in modules only where it uses the kernel's own.
      return kernel === undefined || givenBtf !== undefined ? [] : moduleBtfs(kernel, names);
    },
    settings: once(() => settingsHere(answers, hasFunction)),
    config: once(readKernelConfig),
    hasTracepoint: (category, event) =>
      tracefs === undefined ? undefined : existsSync(`${tracefs}/events/${category}/${event}`),
    tracepointFormat: (category, event) =>
      tracefs === undefined ? undefined : textAt(`${tracefs}/events/${category}/${event}/format`),
    hasFunction,
    hasSymbol(symbol) {
      const list = symbols();
      return list === undefined ? undefined : isSymbolIn(list, symbol, false);
    },
    hasTraceable(pattern) {
      const list = traceable();
      return list === undefined ? undefined : isMatched(list, pattern);
    },
    isForbidden(symbol) {
      const list = forbidden();
      return list === undefined ? undefined : list.split('\n').some((line) => line.split('\t')[1] === symbol);
    },
    hasFile: (path) => findUserFile(path) !== undefined,
    hasUserFunction,
    programType: (type, attachType) =>
      answers.ask(`program type ${type} ${attachType}`, () => probeProgramType(type, attachType)),
    mapType(type) {
      const answer = answers.ask(`map type ${type}`, () => probeMapType(type));
      if (answer !== undefined) return answer;
      // A type that is not even in the kernel's own list needs no trial.
      return knownMapTypes()?.has(type) === false ? false : undefined;
    },
    map: (map) => answers.ask(`map ${JSON.stringify(map)}`, () => probeMap(map)),
    callHelper: (program, helper) =>
      answers.ask(`${trialText(program)} calls ${helper}`, () => probeHelper(program, helper)),
    callKernelFunction: (program, btfId) =>
      answers.ask(`${trialText(program)} calls BTF ${btfId}`, () => probeKernelFunction(program, btfId)),
    attachable: (program) => answers.ask(trialText(program), () => probeAttachment(program)),
    feature: (kind) => programTypeOf(kind)?.feature?.probe(),
    tracing: tracingSupport(),
    capabilities: kernelCapabilities(),
    lockdown: once(lockdownMode),
    memlockBytes: once(memlockLimit),
  };
}

function trialText({ type, expectedAttachType, attachBtfId, sleepable, license }: TrialProgram): string {
  return `program ${type} ${expectedAttachType} ${attachBtfId} ${sleepable} "${license}"`;
}

function settingsHere(
  answers: KeptAnswers,
  hasFunction: (symbol: string) => boolean | undefined,
): ReadonlyMap<string, bigint> {
  const cookie = answers.ask('bpf_get_attach_cookie', () => probeHelper(KPROBE, GET_ATTACH_COOKIE));
  const version = kernelVersionSetting();
  const wrapper = tracingSupport().kprobes ? hasFunction(`${SYSTEM_CALL_PREFIX}bpf`) : false;
  return new Map<string, bigint>([
    ...(version === undefined ? [] : [['LINUX_KERNEL_VERSION', version] as const]),
    ...(cookie === undefined ? [] : [['LINUX_HAS_BPF_COOKIE', cookie.allowed ? 1n : 0n] as const]),
    ...(wrapper === undefined ? [] : [['LINUX_HAS_SYSCALL_WRAPPER', wrapper ? 1n : 0n] as const]),
  ]);
}

const KPROBE: TrialProgram = { type: 2, expectedAttachType: 0, attachBtfId: 0, sleepable: false, license: 'GPL' };
const GET_ATTACH_COOKIE = 174;

function hasUserFunction(path: string, pattern: string): boolean | undefined {
  const file = findUserFile(path);
  if (file === undefined) return undefined;
  return ifReadable(() => functionOffsets(file, pattern).length > 0);
}

function moduleBtfs(kernel: Uint8Array, names: readonly string[]): readonly OpenBtf[] {
  return readdirSync(BTF_FOLDER)
    .filter((file) => file !== 'vmlinux')
    .map((file) => readFileSync(`${BTF_FOLDER}/${file}`))
    .filter((module) => names.some((name) => module.includes(`\0${name}`)))
    .map((module) => openModuleBtf(kernel, module));
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
