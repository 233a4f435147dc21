import { MAX_LOG_LINES } from './limits.js';

/** What libbpf said during one call, taken apart. */
export interface LibbpfLog {
  /** The program that it was about. */
  readonly program: string | undefined;
  /** The kernel's log of the verification, all lines. */
  readonly verifierLog: string | undefined;
  /** The other lines, without what only repeats that it failed; the last 12. */
  readonly messages: readonly string[];
}

const PREFIX = /^libbpf: /;
const PROGRAM = /^prog '([^']+)': /;
const BEGIN = /-- BEGIN PROG LOAD LOG --$/;
const END = /^-- END PROG LOAD LOG --$/;
// Lines that say no more than the error itself does.
const ECHO = /^failed to load object|: failed to load: -\d+$|: failed to prepare load attributes|Retrying without BTF/;

/** Takes libbpf's log apart. */
export function readLibbpfLog(text: string): LibbpfLog {
  const messages: string[] = [];
  let verifierLines: string[] | undefined;
  let program: string | undefined;
  let inside = false;
  for (const raw of text.split('\n')) {
    const line = raw.replace(PREFIX, '');
    if (inside) {
      inside = !END.test(line);
      if (inside) verifierLines?.push(line);
      continue;
    }
    program = PROGRAM.exec(line)?.[1] ?? program;
    if (BEGIN.test(line)) {
      verifierLines = [];
      inside = true;
    } else if (line !== '' && !ECHO.test(line)) {
      messages.push(line);
    }
  }
  return { program, verifierLog: verifierLines?.join('\n'), messages: messages.slice(-MAX_LOG_LINES) };
}
