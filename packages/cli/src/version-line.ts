import { EbpmError } from '@ebpm/formats';
import { libbpfLinkage, libbpfVersion } from '@ebpm/loader';
import { readPackageJson } from './package-json.js';

/**
 * What `ebpm --version` prints: oclif's words, and the libbpf that loads programs, the system's (`shared`) or the one inside the
 * prebuilt addon (`static`): `ebpm/1.0.0 linux-x64 node-v20.19.0 libbpf-v1.5-static`.
 */
export function versionLine(): string {
  return `ebpm/${readPackageJson().version} ${process.platform}-${process.arch} node-${process.version} ${libbpf()}`;
}

/** Where there is no addon, the rest of the line is still worth having; `run` says what is wrong. */
function libbpf(): string {
  try {
    return `libbpf-${libbpfVersion()}-${libbpfLinkage()}`;
  } catch (error) {
    if (error instanceof EbpmError && error.code === 'EBPM_LOADER_UNAVAILABLE') return 'libbpf-unavailable';
    throw error;
  }
}
