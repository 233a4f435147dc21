/** What drive.ts is told: where things lie. */
export interface Request {
  /** The package. */
  readonly sigsnoop: string;
  /** The program that lists what is in the kernel. */
  readonly programIds: string;
  /** The program that gives a command a terminal, script(1), where one is wanted: no kernel decides what comes of it. */
  readonly script?: string;
  /** A kernel that is ours alone, where interfaces may be filtered; undefined: others are there, too. */
  readonly lab?: {
    /** A package that filters an interface in both directions. */
    readonly tcMixed: string;
    /** The program that shows filters: tc(8). */
    readonly tc: string;
    /** Whether a reader of the output goes away, too. */
    readonly closesPipe: boolean;
  };
}
