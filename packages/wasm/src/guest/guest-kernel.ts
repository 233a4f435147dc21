import { closeSync } from 'node:fs';
import { GuestBuffer, type LentMap } from '@ebpm/loader';
import { RINGBUF } from '@ebpm/object';
import type { BrokerLink } from './broker-link.js';
import type { GuestCall, InitialValue, Refusal } from './protocol.js';

/** Something that the kernel, or the broker, refused; the guest goes on, and its person is told. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;
  readonly errno: number | undefined;

  constructor({ code, message, errno }: Refusal) {
    super(message);
    this.code = code;
    this.errno = errno;
  }
}

/** A ring or perf buffer, opened. */
export type EventBuffer = Pick<GuestBuffer, 'bytes' | 'read' | 'wait' | 'lost' | 'close'>;

/** What is to be loaded. */
export interface ObjectToLoad {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly values?: readonly InitialValue[];
}

/** How a guest's process reaches the kernel: what needs privilege through the broker, all else by descriptors that it was given. */
export class GuestKernel {
  readonly #link: BrokerLink;

  constructor(link: BrokerLink) {
    this.#link = link;
  }

  /** @throws Refused, GuestStop */
  load({ bytes, name, values = [] }: ObjectToLoad): GuestObject {
    const { answer, descriptors } = this.#link.call({ call: 'load', name, values }, bytes);
    if (!('loaded' in answer)) throw refusal(answer);
    const maps = answer.maps.map((map, index) => ({ ...map, descriptor: descriptors[index] ?? -1 }));
    return new GuestObject(answer.loaded, maps, this.#link);
  }
}

/** An object in the kernel. */
export class GuestObject {
  readonly maps: readonly LentMap[];
  /** The broker's number for it. */
  readonly id: number;
  readonly #link: BrokerLink;

  constructor(id: number, maps: readonly LentMap[], link: BrokerLink) {
    this.id = id;
    this.maps = maps;
    this.#link = link;
  }

  /** @throws Refused, GuestStop */
  attach(program: string, target: { readonly target?: string; readonly folder?: number | null } = {}): void {
    this.#do({ call: 'attach', object: this.id, program, ...target });
  }

  /** @throws Refused, GuestStop */
  attachAll(settings: unknown): void {
    this.#do({ call: 'attach-all', object: this.id, settings });
  }

  /** The events of a ring buffer or a perf event array. @throws Refused, GuestStop, NativeFailure */
  openBuffer(map: LentMap): EventBuffer {
    if (map.type === RINGBUF) return GuestBuffer.ofRing(map.descriptor);
    const { answer, descriptors } = this.#link.call({ call: 'perf', object: this.id, map: map.name });
    if (!('rings' in answer)) throw refusal(answer);
    return GuestBuffer.ofPerf({ descriptors, ...answer.rings });
  }

  /** Detaches and closes. @throws GuestStop */
  close(): void {
    for (const { descriptor } of this.maps) closeSync(descriptor);
    this.#do({ call: 'close', object: this.id });
  }

  #do(request: GuestCall): void {
    const { answer } = this.#link.call(request);
    if (!('done' in answer)) throw refusal(answer);
  }
}

/** What the broker has refused. */
export function refusal(answer: object): Refused {
  return new Refused(
    'refused' in answer ? (answer.refused as Refusal) : { code: 'EBPM_INTERNAL', message: 'no answer' },
  );
}
