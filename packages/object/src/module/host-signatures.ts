import { EWASM_SIGNATURES } from './ewasm-signatures.js';
import { WASI_SIGNATURES } from './wasi-signatures.js';

/** What functions take and give, by their names: a letter for each parameter, a colon, a letter for each result; i is i32, I is i64. */
export type Signatures = Readonly<Record<string, string>>;

/** What the functions of wasm-bpf take and give. */
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

/** Every function that a guest with `_start` can import, by module and name. What builds, publishes, checks and runs modules goes by this table. */
export const COMMAND_SIGNATURES: Readonly<Record<string, Signatures>> = {
  wasi_snapshot_preview1: WASI_SIGNATURES,
  wasm_bpf: WASM_BPF_SIGNATURES,
  'callback-wrapper': { wasm_bpf_buffer_poll: 'Iiiiii:i' },
  ebpm: EBPM_SIGNATURES,
};

/** The same of guests of 2022, with `bpf_main`. */
export const YEAR_2022_SIGNATURES: Readonly<Record<string, Signatures>> = { env: EWASM_SIGNATURES };
