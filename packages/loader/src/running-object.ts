import {
  type AttachedProgram,
  type AttachOutcome,
  detachPrograms,
  detachProgramsLater,
  type SkippedProgram,
} from './attach-programs.js';
import type { NativeLinkMisses, NativeObject } from './binding.js';
import { deleteFromMap, updateMap } from './change-map.js';
import { type ConsumeOptions, Consumer, type OnBatch } from './consumer.js';
import { findMap } from './find-map.js';
import type { MapInfo, ProgramInfo } from './object-info.js';
import { Phase } from './phase.js';
import { type ProgramCounts, programCounts } from './program-counts.js';
import { type MapEntry, type ReadMapOptions, readMap } from './read-map.js';
import { refusedAs } from './refused-as.js';
import type { Entrusted, Remains } from './remains.js';

/** An attached program: where, if its section does not say it, and what is not as was asked for. */
export interface ProgramPlace {
  readonly name: string;
  readonly place: string | undefined;
  readonly note: string | undefined;
}

/** A program that was run once. */
export interface ReturnedProgram {
  readonly name: string;
  readonly value: number;
}

/** An object whose programs are attached. It keeps Node running only while a consumer is open. */
export class RunningObject {
  readonly name: string;
  /** The attached ones. */
  readonly programs: readonly ProgramInfo[];
  /** The loaded ones that are not attached, and why. */
  readonly skipped: readonly SkippedProgram[];
  readonly #phase: Phase;
  readonly #attached: readonly AttachedProgram[];
  readonly #consumers = new Map<string, Consumer>();
  #isDetached = false;
  /** By program. */
  readonly #misses = new Map<string, NativeLinkMisses>();

  /** Made by `LoadedObject.attach`. */
  constructor(native: NativeObject, name: string, { attached, skipped }: AttachOutcome) {
    this.#phase = new Phase(native);
    this.#attached = attached;
    this.name = name;
    this.skipped = skipped;
    this.programs = attached.map(({ program }) => program);
  }

  get maps(): readonly MapInfo[] {
    return this.#phase.use().maps();
  }

  /** Where each program is attached, and what is not as was asked for, where there is something to tell. */
  get places(): readonly ProgramPlace[] {
    return this.#attached.map(({ program, attachment: { place, note } }) => ({ name: program.name, place, note }));
  }

  /** What stays in the kernel when this process ends without detaching; to take it back needs privilege. */
  get remains(): readonly Remains[] {
    return this.#attached.flatMap(({ attachment }) => attachment.remains ?? []);
  }

  /**
   * Leaves to another process what detaching needs privilege for, and gives what that is: this process then no longer does it.
   * Nothing for links, which go with their descriptors.
   */
  entrust(): readonly Entrusted[] {
    return this.#attached.flatMap(({ attachment }) => attachment.entrust?.() ?? []);
  }

  /** The programs that were run once and are done, and what they returned. */
  get returned(): readonly ReturnedProgram[] {
    return this.#attached.flatMap(({ program, attachment: { returned } }) =>
      returned === undefined ? [] : [{ name: program.name, value: returned }],
    );
  }

  /** The programs that are iterators. */
  get iterators(): readonly string[] {
    return this.#attached.flatMap(({ program, attachment }) =>
      attachment.iterate === undefined ? [] : [program.name],
    );
  }

  /** A descriptor, the caller's, that gives the text of an iterator from its start. @throws EBPM_ATTACH_FAILED */
  openIterator(name: string): number {
    const found = this.#attached.find(({ program }) => program.name === name);
    const iterate = found?.attachment.iterate;
    if (iterate === undefined) throw new TypeError(`"${name}" is no iterator that is attached`);
    return refusedAs('EBPM_ATTACH_FAILED', `Cannot read iterator "${name}"`, iterate);
  }

  /**
   * Hands over the events of a ring buffer or a perf event array, batch by batch, without blocking the event loop.
   * Events of a ring buffer wait there since `attach()`; those of a perf event array before this call are lost.
   *
   * @throws EBPM_MAP_UNKNOWN, EBPM_CONSUME_FAILED; TypeError when the map has an open consumer or an option is wrong
   */
  consume(map: string, onBatch: OnBatch, options: ConsumeOptions = {}): Consumer {
    const native = this.#phase.use();
    if (this.#consumers.get(map)?.open === true) throw new TypeError(`The map "${map}" has a consumer already`);
    const consumer = new Consumer(native, map, onBatch, options);
    this.#consumers.set(map, consumer);
    return consumer;
  }

  /**
   * All entries of a hash, array or per-CPU map, copied. The value of a per-CPU map is that of every possible CPU in turn,
   * each padded to 8 bytes. A map that changes meanwhile may give an entry twice or not at all. With `clear`, hash maps are
   * emptied bucket by bucket as they are read, and arrays are set to zero afterwards.
   *
   * @throws EBPM_MAP_UNKNOWN, EBPM_MAP_UNREADABLE, EBPM_MAP_TOO_LARGE (beyond 64 MiB)
   */
  readMap(map: string, options: ReadMapOptions = {}): readonly MapEntry[] {
    return readMap(this.#phase.use(), map, options);
  }

  /** Sets entries of a map, new ones too. @throws EBPM_MAP_UNKNOWN, EBPM_MAP_UNWRITABLE */
  updateMap(map: string, entries: readonly MapEntry[]): void {
    updateMap(this.#phase.use(), map, entries);
  }

  /** Deletes entries of a map; keys that are not there are no failure. @throws EBPM_MAP_UNKNOWN, EBPM_MAP_UNWRITABLE */
  deleteFromMap(map: string, keys: readonly Uint8Array[]): void {
    deleteFromMap(this.#phase.use(), map, keys);
  }

  /** How many entries a map with keys has, at most `limit`. @throws EBPM_MAP_UNKNOWN, EBPM_MAP_UNREADABLE */
  countEntries(map: string, limit: number): number {
    const native = this.#phase.use();
    findMap(native, map);
    return refusedAs('EBPM_MAP_UNREADABLE', `Cannot count the entries of map "${map}"`, () =>
      native.countEntries(map, limit),
    );
  }

  /** What the kernel has counted for each attached program, up to now or until it was detached. */
  programCounts(): readonly ProgramCounts[] {
    const native = this.#phase.use();
    this.#lookAtLinks();
    return this.#attached.map((attached) => programCounts(native, attached, this.#misses.get(attached.program.name)));
  }

  /**
   * Detaches the programs; the maps stay readable until `close()`. Safe to call twice.
   * The kernel waits until no CPU runs the programs any more: 0.3 to 0.5 s where tracepoints are among them.
   */
  detach(): void {
    if (this.#isDetached) return;
    this.#isDetached = true;
    this.#lookAtLinks();
    detachPrograms(this.#attached);
  }

  /**
   * Detaches within milliseconds, however many programs there are: a process of its own waits for the kernel. Until that
   * has happened, half a second later at most, the programs still run and may write into the maps.
   */
  detachLater(): void {
    if (this.#isDetached) return;
    this.#isDetached = true;
    this.#lookAtLinks();
    detachProgramsLater(this.#attached);
  }

  /** Detaches, hands over the events that are left, and gives everything back. Safe to call twice. */
  close(): void {
    this.detach();
    for (const consumer of this.#consumers.values()) {
      consumer.drain();
      consumer.close();
    }
    this.#phase.close();
  }

  /** A link's count goes with the link, a program's stays. */
  #lookAtLinks(): void {
    for (const { program, attachment } of this.#attached) {
      const misses = (attachment.links ?? []).flatMap((link) => link.misses() ?? []);
      if (misses.length === 0) continue;
      this.#misses.set(program.name, {
        counted: misses.every(({ counted }) => counted),
        missed: misses.reduce((sum, { missed }) => sum + missed, 0n),
      });
    }
  }
}
