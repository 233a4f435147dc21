/** Whether a package runs here, and the exit code of `ebpm check` for it. */
export const VERDICTS = { RUN: 0, DEGRADED: 3, 'WILL NOT RUN': 4, UNKNOWN: 5 } as const;

export type Verdict = keyof typeof VERDICTS;

/** How sure a finding is: it was done, the kernel was asked, it follows from something else, or nobody looked. */
export type Certainty = 'proved' | 'probed' | 'inferred' | 'not checked';

/** One thing that was looked at. */
export interface Finding {
  /** What it is about: `kernel`, `program "x"`, `map "x"`. */
  readonly subject: string;
  readonly outcome: 'ok' | 'missing' | 'unknown';
  readonly certainty: Certainty;
  /** What was found, without a full stop. */
  readonly reason: string;
  /** What to do about it. */
  readonly cure?: string;
}

/** What findings come to: one thing that is missing stops a run, one that is unknown leaves it open. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ outcome }) => outcome === 'missing')) return 'WILL NOT RUN';
  return findings.some(({ outcome }) => outcome === 'unknown') ? 'UNKNOWN' : 'RUN';
}
