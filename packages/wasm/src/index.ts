export { WASM_ERRORS } from './errors.js';
