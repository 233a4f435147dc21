export { GuestExit } from '../guest-exit.js';
export { GuestFault } from '../guest-fault.js';
export { GuestMemory } from '../guest-memory.js';
