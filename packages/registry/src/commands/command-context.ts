/** What a command may use of the process; `main` puts it together. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where commands print what they were asked for: a line each call. */
  print(line: string): void;
  /** Where the server's log goes, a line of JSON each. */
  readonly logStream: { write(line: string): void };
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
}
