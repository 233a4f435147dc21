export { WASM_ERRORS } from './errors.js';
export { decodeMessage, encodeMessage, type Message } from './guest/message.js';
export type {
  BrokerAnswer,
  BufferTotals,
  GuestCall,
  GuestEnd,
  GuestStart,
  InitialValue,
  Refusal,
} from './guest/protocol.js';
export {
  MAX_ATTACHMENTS,
  MAX_GUEST_MAPS,
  MAX_GUEST_NAME_BYTES,
  MAX_GUEST_OBJECTS,
  MAX_GUEST_TOOLS,
  MAX_MEMORY_PAGES,
  MAX_MODULE_BYTES,
  MAX_TABLE_ENTRIES,
  MAX_TARGET_BYTES,
  MAX_TOOL_ARGS_BYTES,
  MAX_TOOL_DEPTH,
} from './limits.js';
export {
  type GrantedFolder,
  parseWasiAllow,
  type WasiAllow,
  type WasiGrants,
  type WasiWishes,
  wasiFolders,
  wasiGrants,
} from './wasi/grants.js';
