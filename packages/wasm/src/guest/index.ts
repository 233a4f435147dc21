export { GuestExit } from '../guest-exit.js';
export { GuestFault } from '../guest-fault.js';
export { GuestMemory } from '../guest-memory.js';
export { type GuestProcess, runGuest } from './run-guest.js';
