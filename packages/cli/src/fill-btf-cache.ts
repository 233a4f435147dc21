// Started by `btfCache` with the cache's folder; the object comes through stdin.
import { setPriority } from 'node:os';
import { fillBtfCache } from '@ebpm/loader';
import { CheckedObject } from '@ebpm/object';
import { readStdin } from './read-input.js';

/** What runs meanwhile comes first. */
const LOWEST_PRIORITY = 19;

const [folder = ''] = process.argv.slice(2);
setPriority(LOWEST_PRIORITY);
fillBtfCache(folder, CheckedObject.read(await readStdin(process.stdin)));
