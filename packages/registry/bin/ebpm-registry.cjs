#!/usr/bin/env node
// CommonJS, since Node 20 reads ES modules in the threads whose number is set here. A directory store writes as many files at a time:
// with the four that libuv starts by itself, fewer syncs share a write of the file system's journal.
process.env.UV_THREADPOOL_SIZE ??= '32';
import('../dist/main.js').then(({ main }) => main());
