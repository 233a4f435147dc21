import { constants } from 'node:os';
import { EbpmError, type ObjectFacts, readPackageContent } from '@ebpm/formats';
import {
  type DrivenObject,
  type LoadedObject,
  minimalKernelBtf,
  type OpenObject,
  openObject,
  type RefusalCounter,
} from '@ebpm/loader';
import { CheckedObject, checkedObjectFacts, exceedingFacts } from '@ebpm/object';
import type { BrokerAnswer, GuestCall, InitialValue } from '@ebpm/wasm';
import { MAX_ATTACHMENTS, MAX_GUEST_MAPS, MAX_GUEST_OBJECTS } from '@ebpm/wasm';
import { chooseKernelBtf } from '../kernel-btf/choose-kernel-btf.js';
import { tryCountRefusals } from '../ledger/try-count-refusals.js';
import { programSettings } from '../session/program-settings.js';

/** The objects that were found in a module, and agreed to. */
export interface AgreedObjects {
  /** Whether one of them has exactly these bytes. */
  has(object: Uint8Array): boolean;
  /** What they do; finding that out takes a while. */
  facts(): readonly ObjectFacts[];
}

/** What a guest asks of the kernel. */
export type KernelCall = Exclude<GuestCall, { call: 'end' | 'tool-start' | 'tool-stop' }>;

/** What the broker may do for a guest. */
export interface BrokerOptions {
  /** What the guest's module is called. */
  readonly name: string;
  readonly agreed: AgreedObjects;
  /** `BTF_FILE_PATH`. */
  readonly btfPath?: string | undefined;
  /** The folders that the guest has, as descriptors of this process. */
  readonly folders: readonly number[];
  /** Counts what full ring buffers refuse. */
  readonly countsRefusals: boolean;
  /** An object is in the kernel and nothing of it attached yet; what it throws ends the guest. */
  readonly onLoaded?: ((object: CheckedObject) => void) | undefined;
  readonly onAttached?: ((program: string) => void) | undefined;
}

/** An answer, with the descriptors that go along. */
export interface Answer {
  readonly answer: BrokerAnswer;
  readonly descriptors: readonly number[];
}

/** What is known of entries that full maps refused. */
export type GuestRefusals =
  | { readonly kind: 'not asked' }
  | { readonly kind: 'uncountable'; readonly reason: string }
  | { readonly kind: 'counted'; readonly counts: ReadonlyMap<number, RefusalCounter['counts']> };

/** Does for a guest what needs privilege: loads, attaches, opens perf buffers. It judges the very bytes that it loads. */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #objects = new Map<number, DrivenObject>();
  readonly #counters = new Map<number, RefusalCounter>();
  #uncountable: string | undefined;
  #last = 0;
  #attachments = 0;

  constructor(options: BrokerOptions) {
    this.#options = options;
  }

  /** What full maps have refused, by their object's number and their name, where that was counted; or why it was not. */
  get refusals(): GuestRefusals {
    if (!this.#options.countsRefusals) return { kind: 'not asked' };
    if (this.#uncountable !== undefined) return { kind: 'uncountable', reason: this.#uncountable };
    return { kind: 'counted', counts: new Map([...this.#counters].map(([id, counter]) => [id, counter.counts])) };
  }

  /**
   * What the kernel refuses is an answer; what nobody agreed to ends the guest.
   *
   * @throws EBPM_PERMISSIONS_EXCEEDED, EBPM_WASM_FAULT for what no guest of ours asks, and what `onLoaded` throws
   */
  answer(call: KernelCall, blob: Uint8Array): Answer {
    try {
      return this.#do(call, blob);
    } catch (error) {
      if (!(error instanceof EbpmError) || FATAL.has(error.code)) throw error;
      return refusedAnswer(error);
    }
  }

  /** Detaches everything within milliseconds. Safe to call twice. */
  close(): void {
    for (const driven of this.#objects.values()) driven.close();
    this.#objects.clear();
    for (const counter of this.#counters.values()) counter.close();
  }

  #do(call: KernelCall, blob: Uint8Array): Answer {
    if (call.call === 'load') return this.#load(call.name, call.values ?? [], blob);
    const driven = this.#objects.get(call.object);
    if (driven === undefined) throw fault(`named object ${call.object}, which is not open`);
    switch (call.call) {
      case 'attach':
        return this.#attach(driven, call.program, this.#targetOf(driven, call));
      case 'attach-all':
        return this.#attachAll(driven, call.settings);
      case 'perf': {
        const { descriptors, ...rings } = driven.lendPerf(call.map);
        return { answer: { rings }, descriptors };
      }
      case 'close':
        driven.close();
        this.#objects.delete(call.object);
        return DONE;
    }
  }

  #load(name: string, values: readonly InitialValue[], bytes: Uint8Array): Answer {
    const { agreed, btfPath, countsRefusals, onLoaded } = this.#options;
    if (this.#objects.size >= MAX_GUEST_OBJECTS) throw fault(`opened more than ${MAX_GUEST_OBJECTS} objects at once`);
    const checked = CheckedObject.read(bytes);
    this.#refuseExceeding(checked, agreed);
    const { object } = checked;
    const btf = chooseKernelBtf({ name, object }, { path: btfPath }) ?? minimalKernelBtf(object);
    const open = openObject(checked, { name, btf });
    try {
      setValues(open, values);
      const loaded = open.load();
      try {
        onLoaded?.(checked);
        if (countsRefusals) this.#countRefusals(loaded);
        return this.#add(loaded.drive());
      } finally {
        loaded.close();
      }
    } finally {
      open.close();
    }
  }

  #countRefusals(loaded: LoadedObject): void {
    const { counter, uncountable } = tryCountRefusals(loaded);
    // Of the object that is added next.
    if (counter !== undefined) this.#counters.set(this.#last + 1, counter);
    this.#uncountable ??= uncountable;
  }

  #add(driven: DrivenObject): Answer {
    const lent = driven.maps();
    if (lent.length > MAX_GUEST_MAPS) {
      driven.close();
      throw fault(`loaded an object with ${lent.length} maps`);
    }
    const id = ++this.#last;
    this.#objects.set(id, driven);
    const maps = lent.map(({ descriptor, ...map }) => map);
    return { answer: { loaded: id, maps }, descriptors: lent.map(({ descriptor }) => descriptor) };
  }

  #attach(driven: DrivenObject, program: string, target: string | undefined): Answer {
    if (++this.#attachments > MAX_ATTACHMENTS) throw fault(`attached programs more than ${MAX_ATTACHMENTS} times`);
    driven.attach(program, target);
    this.#options.onAttached?.(program);
    return DONE;
  }

  #attachAll(driven: DrivenObject, described: unknown): Answer {
    this.#attachments += driven.programs.length;
    if (this.#attachments > MAX_ATTACHMENTS) throw fault(`attached programs more than ${MAX_ATTACHMENTS} times`);
    driven.attachAll(settingsIn(driven.name, described));
    const [first] = driven.attached;
    if (first !== undefined) this.#options.onAttached?.(first);
    return DONE;
  }

  /** A folder is named by its descriptor, so that what it is cannot be exchanged meanwhile. */
  #targetOf(
    driven: Pick<DrivenObject, 'targetKind'>,
    { program, target, folder }: Extract<GuestCall, { call: 'attach' }>,
  ): string | undefined {
    if (folder === undefined) return target;
    // As runtimes of wasm-bpf have it: the program's section is looked at before the descriptor.
    const wanted = driven.targetKind(program);
    if (wanted === undefined) return undefined;
    if (wanted === 'ifname') throw wrongTarget(program, 'it is attached to an interface, and this is a descriptor');
    if (folder === null) throw wrongTarget(program, 'the descriptor is no folder that the guest was given', EBADF);
    const descriptor = this.#options.folders[folder];
    if (descriptor === undefined) throw fault(`named folder ${folder}, which it does not have`);
    return `/proc/self/fd/${descriptor}`;
  }

  #refuseExceeding(checked: CheckedObject, agreed: AgreedObjects): void {
    if (agreed.has(checked.bytes)) return;
    const facts = checkedObjectFacts(checked, { file: this.#options.name, part: 0 });
    const exceeding = exceedingFacts(agreed.facts(), facts);
    if (exceeding === undefined) return;
    throw new EbpmError(
      'EBPM_PERMISSIONS_EXCEEDED',
      `Refused to load an eBPF object of "${this.#options.name}": it has ${exceeding.join(', ')} beyond what was agreed to`,
      { hint: 'Its module changes objects, or hides them from ebpm inspect: ask its author why', data: { exceeding } },
    );
  }
}

/** What a guest is told of an error that it may deal with. */
export function refusedAnswer({ code, message, data }: EbpmError): Answer {
  const errno = data?.['errno'];
  return { answer: { refused: { code, message, ...(typeof errno === 'number' && { errno }) } }, descriptors: [] };
}

const { EBADF } = constants.errno;

/** These end a guest, whatever it would make of them. */
const FATAL: ReadonlySet<string> = new Set(['EBPM_PERMISSIONS_EXCEEDED', 'EBPM_WASM_FAULT', 'EBPM_AUDIT_UNWRITABLE']);

const DONE: Answer = { answer: { done: true }, descriptors: [] };

function wrongTarget(program: string, reason: string, errno?: number): EbpmError {
  return new EbpmError('EBPM_ATTACH_TARGET_MISSING', `Cannot attach "${program}": ${reason}`, {
    ...(errno !== undefined && { data: { errno } }),
  });
}

function fault(what: string): EbpmError {
  return new EbpmError('EBPM_WASM_FAULT', `The guest ${what}`);
}

/** What metadata that a guest gave says of its programs; it is checked as a package's is. @throws EBPM_PACKAGE_INVALID, EBPM_ATTACH_FAILED */
function settingsIn(name: string, described: unknown): ReturnType<typeof programSettings> {
  const content = readPackageContent(
    Buffer.from(JSON.stringify(described ?? null)),
    'what the guest says of its programs',
  );
  return content.kind === 'skel' ? programSettings({ name, meta: content.meta }) : new Map();
}

/** @throws EBPM_WASM_FAULT where a value does not lie in its section */
function setValues(open: OpenObject, values: readonly InitialValue[]): void {
  for (const { section, offsetBytes, bytes } of values) {
    const data = open.initialValue(section);
    const value = Buffer.from(bytes, 'base64');
    if (data === undefined || offsetBytes + value.length > data.length)
      throw fault(`set a global outside of "${section}"`);
    data.set(value, offsetBytes);
    open.setInitialValue(section, data);
  }
}
