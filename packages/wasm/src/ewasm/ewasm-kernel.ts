/** What a guest of the 2022 ABI does with eBPF, by ids 0, 1, 2 and so on. */
export interface EwasmKernel {
  /** A program from the JSON of its package; its id, or -1. */
  create(json: string): number;
  /** Loads and attaches it: 0, or -1. */
  run(id: number): number;
  /** Waits, and hands each event over as JSON, until `deliver` says false or the run ends; what the guest gets. */
  waitAndPoll(id: number, deliver: (json: string) => boolean): number;
}
