import { closeSync, openSync, readSync } from 'node:fs';
import { FUNCTION_LIST_MAX_BYTES, KALLSYMS_MAX_BYTES } from '../limits.js';
import { ifReadable, textAt } from './if-readable.js';

/** A list of the kernel, one entry in a line; undefined where it cannot be read. */
function listAt(path: string, maxBytes: number): string | undefined {
  const text = textAt(path);
  return text === undefined || text.length > maxBytes ? undefined : text;
}

/** The names in /proc/kallsyms, with a line break before and behind each; undefined where the kernel shows none. */
export function kernelSymbols(): string | undefined {
  return isShown('/proc/kallsyms') ? listAt('/proc/kallsyms', KALLSYMS_MAX_BYTES) : undefined;
}

/** Whether there is anything in a file: kallsyms is empty where it is hidden altogether. */
function isShown(path: string): boolean {
  const descriptor = ifReadable(() => openSync(path, 'r'));
  if (descriptor === undefined) return false;
  try {
    return readSync(descriptor, Buffer.alloc(1), 0, 1, null) > 0;
  } finally {
    closeSync(descriptor);
  }
}

/** Whether a line of kallsyms, `address type name [module]`, is about that symbol, or about that symbol as a function. */
export function isSymbolIn(symbols: string, name: string, isFunction: boolean): boolean {
  const types = isFunction ? '[tTwW]' : '[A-Za-z]';
  for (let at = symbols.indexOf(` ${name}`); at >= 0; at = symbols.indexOf(` ${name}`, at + 1)) {
    const end = symbols[at + name.length + 1];
    if (end !== '\n' && end !== '\t' && end !== undefined) continue;
    const start = symbols.lastIndexOf('\n', at) + 1;
    if (new RegExp(`^[0-9a-f]+ ${types}$`).test(symbols.slice(start, at))) return true;
  }
  return false;
}

/** The functions that ftrace can hook, one in a line; undefined where tracefs does not show them. */
export function traceableFunctions(tracefs: string): string | undefined {
  return listAt(`${tracefs}/available_filter_functions`, FUNCTION_LIST_MAX_BYTES);
}

/** Whether a line of such a list starts with a name that matches a pattern: `*` stands for any text, `?` for any letter. */
export function isMatched(list: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return isEntry(list, pattern);
  return list.split('\n').some((line) => matches(/^\S*/.exec(line)?.[0] ?? '', pattern));
}

/** Splitting a list of 50,000 lines takes long. */
function isEntry(list: string, name: string): boolean {
  for (let at = list.indexOf(name); at >= 0; at = list.indexOf(name, at + 1)) {
    const end = list[at + name.length];
    if ((at === 0 || list[at - 1] === '\n') && (end === undefined || /\s/.test(end))) return true;
  }
  return false;
}

/** In steps that are at most the product of the lengths: a pattern comes from outside. */
function matches(name: string, pattern: string): boolean {
  let at = 0;
  let starAt = -1;
  let resumed = 0;
  let position = 0;
  while (at < name.length) {
    const wanted = pattern[position];
    if (wanted === '*') {
      starAt = position++;
      resumed = at;
    } else if (wanted === '?' || wanted === name[at]) {
      position++;
      at++;
    } else if (starAt >= 0) {
      position = starAt + 1;
      at = ++resumed;
    } else {
      return false;
    }
  }
  while (pattern[position] === '*') position++;
  return position === pattern.length;
}

/** Functions in which no kprobe may stand; undefined where debugfs does not show them. */
export function forbiddenFunctions(): string | undefined {
  return listAt('/sys/kernel/debug/kprobes/blacklist', FUNCTION_LIST_MAX_BYTES);
}
