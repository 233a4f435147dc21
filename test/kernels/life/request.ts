/** What drive.ts is told: where things lie. */
export interface Request {
  /** The package. */
  readonly sigsnoop: string;
  /** The program that lists what is in the kernel. */
  readonly programIds: string;
}
