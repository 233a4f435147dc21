import { EbpmError } from '@ebpm/formats';

/** The machine that the addon is looked for on. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
}

/**
 * The error for an addon that is not there or cannot be loaded, with what to type.
 * @param failures the dynamic linker's words for each that was tried; empty when none was there
 */
export function addonUnavailable(failures: readonly Error[], machine: Machine = process): EbpmError {
  const reasons = failures.map((failure) => failure.message).join('; ');
  const name = `${machine.platform}-${machine.arch}`;
  const reason = reasons === '' ? `there is none for ${name}` : reasons;
  return new EbpmError('EBPM_LOADER_UNAVAILABLE', `Cannot load the native addon of ebpm: ${reason}`, {
    cause: failures[0],
    hint: hintFor(reasons, name),
  });
}

function hintFor(reasons: string, name: string): string {
  const missing = /(lib(?:bpf|elf|z))\.so\.1: cannot open shared object file/.exec(reasons)?.[1];
  if (missing !== undefined) return `apt-get install ${PACKAGES[missing]}`;
  if (name !== PREBUILT) return `npm run setup (in a clone of ebpm: there is a prebuilt addon for ${PREBUILT} only)`;
  if (OTHER_LIBC.test(reasons)) {
    return 'ldd --version (the prebuilt addon needs glibc 2.28 or newer; in a clone of ebpm "npm run setup" builds one)';
  }
  return 'npm run setup (in a clone of ebpm), npm install -g ebpm (elsewhere)';
}

/** Where there is a prebuilt addon for: scripts/prebuild.mjs. */
const PREBUILT = 'linux-x64';

/** An older glibc (dl-version.c), or musl, whose loader speaks so (ldso/dynlink.c). */
const OTHER_LIBC = /version `GLIBC_|Error (?:loading shared library|relocating)/;

/** Debian's packages of the libraries that an addon with the system's libbpf needs. */
const PACKAGES: Readonly<Record<string, string>> = { libbpf: 'libbpf1', libelf: 'libelf1', libz: 'zlib1g' };
