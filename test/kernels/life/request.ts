/** What drive.ts is told: where things lie. */
export interface Request {
  /** Packages. */
  readonly sigsnoop: string;
  readonly tcMixed: string;
  /** Programs. */
  readonly programIds: string;
  readonly tc: string;
  /** Whether this kernel is ours alone. */
  readonly isLab: boolean;
}
