/** A guest ends itself, as `proc_exit` and `exit` do. */
export class GuestExit extends Error {
  override readonly name = 'GuestExit';
  /** 0: all went well. */
  readonly code: number;

  constructor(code: number) {
    super(`exit code ${code}`);
    this.code = code;
  }
}
