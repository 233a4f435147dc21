import { createMemoryStore } from '../../src/stores/memory.js';
import { describeStore } from './conformance.js';

describeStore('memory', async (test) => test(createMemoryStore()));
