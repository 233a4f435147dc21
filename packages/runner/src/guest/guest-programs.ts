import { EbpmError } from '@ebpm/formats';
import { type EwasmKernel, type EwasmKernelParts, type GuestObject, Refused } from '@ebpm/wasm/guest';
import { type CreatedProgram, createdProgram } from './created-program.js';

interface Program extends CreatedProgram {
  object: GuestObject | undefined;
}

/** What a guest of the 2022 ABI does with eBPF: programs made of JSON, of every release of eunomia-bpf. */
export class GuestPrograms implements EwasmKernel {
  readonly #parts: EwasmKernelParts;
  readonly #programs: Program[] = [];

  constructor(parts: EwasmKernelParts) {
    this.#parts = parts;
  }

  create(json: string): number {
    const made = this.#orTold(() => createdProgram(json));
    if (made === undefined) return -1;
    return this.#programs.push({ ...made, object: undefined }) - 1;
  }

  /** What runs already is left alone, as the first releases did. */
  run(id: number): number {
    const program = this.#programs[id];
    if (program === undefined) return -1;
    if (program.object !== undefined) return 0;
    const { pkg, values } = program;
    const object = this.#orTold(() => this.#parts.kernel.load({ bytes: pkg.checked.bytes, name: pkg.name, values }));
    if (object === undefined) return -1;
    const { obj_name, progs } = pkg.meta.bpf_skel;
    const isAttached = this.#orTold(() => {
      object.attachAll({ bpf_skel: { obj_name, maps: [], progs, data_sections: [] } });
      return true;
    });
    if (isAttached === undefined) object.close();
    else program.object = object;
    return isAttached === undefined ? -1 : 0;
  }

  waitAndPoll(id: number, deliver: (json: string) => boolean): number {
    const program = this.#programs[id];
    if (program?.object === undefined) return -1;
    const { events, object } = program;
    const map = object.maps.find(({ name }) => name === events?.map);
    if (events === undefined || map === undefined) return this.#idle();
    const samples = this.#orTold(() => this.#parts.samples(object, map));
    if (samples === undefined) return -1;
    for (;;) {
      for (const record of samples.next()) {
        // What is shorter than its type is no event.
        if (record.length >= events.sizeBytes && !deliver(events.text(record))) return 0;
      }
    }
  }

  /** A program without events runs until the guest is told to end. */
  #idle(): never {
    for (;;) this.#parts.sleep(IDLE_MS);
  }

  #orTold<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof EbpmError) && !(error instanceof Refused)) throw error;
      this.#parts.tell(error.message);
      return undefined;
    }
  }
}

const IDLE_MS = 60_000;
