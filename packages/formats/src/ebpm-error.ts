/** A stable error code: `EBPM_<AREA>_<WHAT>`. Each stands in its package's `errors.ts` and in docs/errors.md. */
export type ErrorCode = `EBPM_${string}`;

/** What an error carries besides its code and message. */
export interface EbpmErrorOptions {
  /** The error underneath, kept for `--verbose` and for tests. */
  readonly cause?: unknown;
  /** What to type to get further, one line or a few. */
  readonly hint?: string;
  /** Facts for programs: errno, syscall, log lines, paths. JSON values only. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * A mistake of a person, a package, a registry or a kernel, told so that a person can act on it.
 * The message says what could not be done, to what, and why; it has no full stop. Secrets are redacted on the way in.
 */
export class EbpmError extends Error {
  override readonly name = 'EbpmError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: EbpmErrorOptions = {}) {
    super(redact(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint === undefined ? undefined : redact(options.hint);
    this.data = options.data;
  }
}

/** One row of a package's error table: the exit code of a command that ends with it, and what it means. */
export interface ErrorRow {
  /** 1: it failed; 2: the command was typed wrongly. */
  readonly exit: 1 | 2;
  readonly meaning: string;
}

/** A package's error table, by code. */
export type ErrorTable = Readonly<Record<ErrorCode, ErrorRow>>;

const SECRETS = [
  // Registry tokens: the prefix that the registry gives them, so that they can be found wherever they leak.
  /ebpm_[A-Za-z0-9_-]{20,}/g,
  // RFC 9110 section 11.6.2: credentials in an Authorization header.
  /(?<=\b(?:Bearer|Basic)\s)[A-Za-z0-9+/=._~-]+/gi,
  // RFC 3986 section 3.2.1: user information in a URL.
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@]+(?=@)/gi,
];

function redact(text: string): string {
  return SECRETS.reduce((redacted, secret) => redacted.replace(secret, '[redacted]'), text);
}
