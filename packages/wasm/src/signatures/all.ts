import { EWASM_SIGNATURES } from '../ewasm/signatures.js';
import { WASI_SIGNATURES } from '../wasi/signatures.js';

/** What the functions of wasm-bpf take and give, written as those of WASI are. */
const WASM_BPF_SIGNATURES = {
  wasm_load_bpf_object: 'ii:I',
  wasm_close_bpf_object: 'I:i',
  wasm_attach_bpf_program: 'Iii:i',
  wasm_attach_bpf_program_fd: 'Iii:i',
  wasm_bpf_buffer_poll: 'Iiiiiii:i',
  wasm_bpf_map_fd_by_name: 'Ii:i',
  wasm_bpf_map_operate: 'iiiiiI:i',
} as const;

/** Those of ebpm's own functions. */
const EBPM_SIGNATURES = {
  emit: 'Iiii:i',
  possible_cpus: ':i',
  tool_start: 'iiii:i',
  tool_read: 'iiii:i',
  tool_stop: 'i:i',
} as const;

/** What every function that a guest can import takes and gives, by module and name. */
export const IMPORT_SIGNATURES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  wasi_snapshot_preview1: WASI_SIGNATURES,
  wasm_bpf: WASM_BPF_SIGNATURES,
  'callback-wrapper': { wasm_bpf_buffer_poll: 'Iiiiii:i' },
  ebpm: EBPM_SIGNATURES,
  env: EWASM_SIGNATURES,
};
