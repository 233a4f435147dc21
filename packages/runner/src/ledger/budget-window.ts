/** Time over which a budget is looked at: longer than a burst, short enough that a runaway program is stopped soon. */
export const BUDGET_WINDOW_MS = 1000;

/** Says when programs have taken more than a share of one core, over a window that slides along. */
export class BudgetWindow {
  readonly #share: number;
  readonly #samples: { readonly atMs: number; readonly runTimeNs: bigint }[] = [];

  /** @param share of one core: 0.01 is one per cent */
  constructor(share: number) {
    this.#share = share;
  }

  /**
   * The share that was taken over the window that ends now, when it is above the budget; undefined when it is not, and
   * before a whole window has passed.
   */
  add(atMs: number, runTimeNs: bigint): number | undefined {
    this.#samples.push({ atMs, runTimeNs });
    while ((this.#samples[1]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs - BUDGET_WINDOW_MS) this.#samples.shift();
    const [first] = this.#samples;
    if (first === undefined || atMs - first.atMs < BUDGET_WINDOW_MS) return undefined;
    const share = Number(runTimeNs - first.runTimeNs) / ((atMs - first.atMs) * 1e6);
    return share > this.#share ? share : undefined;
  }
}
