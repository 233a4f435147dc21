// What a guest of ebpm in AssemblyScript calls: loading and attaching eBPF objects, reading their buffers and maps, printing. The
// functions of wasm_bpf are those of the wasm-bpf runtimes; those of ebpm are ebpm's own.

/** A value of one word that a function reads or writes. */
@unmanaged
export class Box<T> {
  value: T;
}

/** Records that have no type of a known size are cut off after so many bytes. */
export const MAX_RECORD_BYTES: i32 = 4096;

/** What reading a tool gives where the time is up. */
export const AGAIN: i32 = -11;

/** The longest line of a tool that is read whole. */
const MAX_LINE_BYTES: i32 = 16384;

/** The object, or 0. The bytes are judged as they are now: what goes beyond what the user agreed to is refused. */
@external("wasm_bpf", "wasm_load_bpf_object")
export declare function loadObject(object: usize, size: i32): u64;

/** 0, or -1 where there is no such object. */
@external("wasm_bpf", "wasm_close_bpf_object")
export declare function closeObject(object: u64): i32;

@external("wasm_bpf", "wasm_attach_bpf_program")
declare function wasm_attach_bpf_program(object: u64, program: usize, target: usize): i32;

@external("wasm_bpf", "wasm_attach_bpf_program_fd")
declare function wasm_attach_bpf_program_fd(object: u64, program: usize, fd: i32): i32;

@external("wasm_bpf", "wasm_bpf_map_fd_by_name")
declare function wasm_bpf_map_fd_by_name(object: u64, map: usize): i32;

/** `callback` is a function's place in the table; returning a negative number from it ends the poll. */
@external("wasm_bpf", "wasm_bpf_buffer_poll")
export declare function pollBuffer(object: u64, fd: i32, callback: u32, context: usize, data: usize, maxSize: i32, timeoutMs: i32): i32;

@external("wasm_bpf", "wasm_bpf_map_operate")
declare function wasm_bpf_map_operate(fd: i32, command: i32, key: usize, value: usize, nextKey: usize, flags: u64): i32;

@external("ebpm", "emit")
declare function ebpm_emit(object: u64, structName: usize, record: usize, size: i32): i32;

/** How many values an entry of a map has that keeps one for each processor. */
@external("ebpm", "possible_cpus")
export declare function possibleCpus(): i32;

@external("ebpm", "tool_start")
declare function tool_start(name: usize, nameSize: i32, args: usize, argsSize: i32): i32;

@external("ebpm", "tool_read")
declare function tool_read(tool: i32, buffer: usize, size: i32, timeoutMs: i32): i32;

@external("ebpm", "tool_stop")
declare function tool_stop(tool: i32): i32;

@external("wasi_snapshot_preview1", "fd_write")
declare function fd_write(fd: i32, vectors: usize, count: i32, written: usize): i32;

@external("wasi_snapshot_preview1", "proc_exit")
declare function proc_exit(code: i32): void;

@external("wasi_snapshot_preview1", "random_get")
declare function random_get(address: usize, size: i32): i32;

@external("wasi_snapshot_preview1", "clock_time_get")
declare function clock_time_get(clock: i32, precision: u64, time: usize): i32;

@external("wasi_snapshot_preview1", "args_sizes_get")
declare function args_sizes_get(count: usize, size: usize): i32;

@external("wasi_snapshot_preview1", "args_get")
declare function args_get(addresses: usize, texts: usize): i32;

@external("wasi_snapshot_preview1", "environ_sizes_get")
declare function environ_sizes_get(count: usize, size: usize): i32;

@external("wasi_snapshot_preview1", "environ_get")
declare function environ_get(addresses: usize, texts: usize): i32;

/** By the program's section; the target is a control group's path or an interface's name, empty where the section wants none. */
export function attachProgram(object: u64, program: string, target: string = ""): i32 {
  const name = terminated(program);
  const where = terminated(target);
  return wasm_attach_bpf_program(object, changetype<usize>(name), target.length == 0 ? 0 : changetype<usize>(where));
}

/** To a folder of a control group that the user has given to the guest. */
export function attachProgramToFd(object: u64, program: string, fd: i32): i32 {
  const name = terminated(program);
  return wasm_attach_bpf_program_fd(object, changetype<usize>(name), fd);
}

export function mapByName(object: u64, map: string): i32 {
  const name = terminated(map);
  return wasm_bpf_map_fd_by_name(object, changetype<usize>(name));
}

export function lookup(fd: i32, key: usize, value: usize): i32 {
  return wasm_bpf_map_operate(fd, 1, key, value, 0, 0);
}

/** Flags: 0 whatever is there, 1 only a new key, 2 only a key that is there. */
export function update(fd: i32, key: usize, value: usize, flags: u64): i32 {
  return wasm_bpf_map_operate(fd, 2, key, value, 0, flags);
}

export function remove(fd: i32, key: usize): i32 {
  return wasm_bpf_map_operate(fd, 3, key, 0, 0, 0);
}

/** The key behind another one, or the first for 0. */
export function nextKey(fd: i32, key: usize, next: usize): i32 {
  return wasm_bpf_map_operate(fd, 4, key, 0, next, 0);
}

/** Prints a record as the events of a package are printed. The struct is one of the object's types. */
export function emit(object: u64, structName: string, record: usize, size: i32): i32 {
  const name = terminated(structName);
  return ebpm_emit(object, changetype<usize>(name), record, size);
}

/** A tool that ebpm.json names in "dependencies", and what `ebpm run --json` prints of it, line by line. */
export class StartedTool {
  /** 1 and up, or the negative number of an error. */
  readonly number: i32;
  /** The line that `next()` has read. */
  line: string = "";
  /** Why `next()` gave nothing: 0 at the end of the tool, `AGAIN` after the time, -7 for a line that is too long. */
  result: i32 = 0;
  private bytes: StaticArray<u8> = new StaticArray<u8>(MAX_LINE_BYTES);
  private from: i32 = 0;
  private to: i32 = 0;

  constructor(name: string, args: string[] = []) {
    const tool = String.UTF8.encode(name);
    const words = String.UTF8.encode(args.length == 0 ? "" : args.join("\0") + "\0");
    this.number = tool_start(changetype<usize>(tool), tool.byteLength, changetype<usize>(words), words.byteLength);
  }

  /** Reads the next line into `line`; false where `result` says why there is none. A negative time is none. */
  next(timeoutMs: i32 = -1): bool {
    const start = changetype<usize>(this.bytes);
    let at = this.from;
    while (true) {
      for (; at < this.to; at++) {
        if (load<u8>(start + at) != 10) continue;
        this.line = String.UTF8.decodeUnsafe(start + this.from, at - this.from);
        this.from = at + 1;
        this.result = 1;
        return true;
      }
      memory.copy(start, start + this.from, this.to - this.from);
      this.to -= this.from;
      at = this.to;
      this.from = 0;
      this.result = this.to == MAX_LINE_BYTES ? -7 : tool_read(this.number, start + this.to, MAX_LINE_BYTES - this.to, timeoutMs);
      if (this.result <= 0) return false;
      this.to += this.result;
    }
  }

  /** Ends it, and gives its exit code. */
  stop(): i32 {
    return tool_stop(this.number);
  }
}

/** The value of a key in a line of JSON: a text without its quotes, as it is written; `otherwise` where there is none. */
export function json(line: string, key: string, otherwise: string = ""): string {
  const name = '"' + key + '":';
  const found = line.indexOf(name);
  if (found < 0) return otherwise;
  const start = found + name.length;
  const isText = line.charAt(start) == '"';
  let end = isText ? start + 1 : start;
  while (end < line.length) {
    const letter = line.charAt(end);
    if (isText ? letter == '"' : letter == "," || letter == "}" || letter == "]") break;
    end += letter == "\\" ? 2 : 1;
  }
  return isText ? line.substring(start + 1, end) : line.substring(start, end);
}

/** Writes a line to the standard output. */
export function print(text: string): void {
  write(1, text + "\n");
}

/** Writes a line to the standard error. */
export function printError(text: string): void {
  write(2, text + "\n");
}

/** The words of the command line, the module's own name first. */
export function args(): string[] {
  const sizes = memory.data(8, 8);
  const words: string[] = [];
  if (args_sizes_get(sizes, sizes + 4) != 0) return words;
  const count = load<i32>(sizes);
  const addresses = new StaticArray<usize>(count);
  const texts = new StaticArray<u8>(load<i32>(sizes, 4));
  if (args_get(changetype<usize>(addresses), changetype<usize>(texts)) != 0) return words;
  for (let index = 0; index < count; index++) words.push(text(addresses[index], i32.MAX_VALUE));
  return words;
}

/** The variables of the environment that the user has allowed the guest to see. */
export function variables(): Map<string, string> {
  const sizes = memory.data(8, 8);
  const found = new Map<string, string>();
  if (environ_sizes_get(sizes, sizes + 4) != 0) return found;
  const count = load<i32>(sizes);
  const addresses = new StaticArray<usize>(count);
  const texts = new StaticArray<u8>(load<i32>(sizes, 4));
  if (environ_get(changetype<usize>(addresses), changetype<usize>(texts)) != 0) return found;
  for (let index = 0; index < count; index++) {
    const pair = text(addresses[index], i32.MAX_VALUE);
    const end = pair.indexOf("=");
    if (end > 0) found.set(pair.substring(0, end), pair.substring(end + 1));
  }
  return found;
}

/** Nanoseconds since 1970. */
export function now(): u64 {
  return time(0);
}

/** Nanoseconds of a clock that nobody sets. */
export function elapsed(): u64 {
  return time(1);
}

/** Ends the guest with an exit code. */
export function exit(code: i32): void {
  proc_exit(code);
}

/** The words of an error that a function of these gave back, by Linux's numbers. */
export function errorText(error: i32): string {
  switch (error < 0 ? -error : error) {
    case 0: return "no error";
    case 1: return "operation not permitted";
    case 2: return "no such thing";
    case 4: return "interrupted";
    case 5: return "input or output failed";
    case 7: return "too large";
    case 9: return "no such descriptor";
    case 11: return "try again";
    case 12: return "no memory";
    case 13: return "permission denied";
    case 14: return "bad address";
    case 16: return "busy";
    case 17: return "it exists";
    case 19: return "no such device";
    case 20: return "not a folder";
    case 22: return "invalid argument";
    case 24: return "too many open";
    case 28: return "no space left";
    case 95: return "not supported";
    case 524: return "not supported by the kernel";
    default: return "unknown error";
  }
}

/** The text of a C array, up to its NUL. */
export function text(address: usize, size: i32): string {
  let length = 0;
  while (length < size && load<u8>(address + length) != 0) length++;
  return String.UTF8.decodeUnsafe(address, length);
}

/** Writes a text into a C array; what does not fit with its NUL is left out. */
export function setText(address: usize, size: i32, value: string): void {
  const bytes = String.UTF8.encode(value);
  const length = min(bytes.byteLength, size - 1);
  memory.fill(address, 0, size);
  memory.copy(address, changetype<usize>(bytes), length);
}

/** A place of so many elements. */
export function place(index: i32, length: i32): usize {
  assert(index >= 0 && index < length, "the index is outside of the array");
  return index;
}

/** A number of some bits inside a record, from the lowest bit of its first byte on. */
export function bits(record: usize, offsetBits: u32, count: u32): u64 {
  let value: u64 = 0;
  for (let bit: u32 = 0; bit < count; bit++) {
    const at = offsetBits + bit;
    value |= ((<u64>load<u8>(record + at / 8) >> (at % 8)) & 1) << bit;
  }
  return value;
}

export function signedBits(record: usize, offsetBits: u32, count: u32): i64 {
  return <i64>(bits(record, offsetBits, count) << (64 - count)) >> (64 - count);
}

export function setBits(record: usize, offsetBits: u32, count: u32, value: u64): void {
  for (let bit: u32 = 0; bit < count; bit++) {
    const at = offsetBits + bit;
    const rest = <u32>load<u8>(record + at / 8) & ~((<u32>1) << (at % 8));
    store<u8>(record + at / 8, <u8>(rest | (<u32>((value >> bit) & 1) << (at % 8))));
  }
}

/** What `assert` and the language's own checks call. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const what = message === null ? "" : ": " + message;
  const where = file === null ? "" : " in " + file + ":" + line.toString() + ":" + column.toString();
  printError("abort" + what + where);
  proc_exit(255);
}

/** What `trace` calls. */
export function trace(message: string, count: i32 = 0, a0: f64 = 0, a1: f64 = 0, a2: f64 = 0, a3: f64 = 0, a4: f64 = 0): void {
  const numbers = [a0, a1, a2, a3, a4].slice(0, count);
  printError("trace: " + message + (count > 0 ? " " + numbers.join(", ") : ""));
}

/** What `console` is: as with Node, notes and answers go to the standard output, warnings and errors to the standard error. */
export namespace console {
  export function log(message: string = ""): void {
    print(message);
  }

  export function debug(message: string = ""): void {
    print(message);
  }

  export function info(message: string = ""): void {
    print(message);
  }

  export function warn(message: string = ""): void {
    printError(message);
  }

  export function error(message: string = ""): void {
    printError(message);
  }

  /** Unlike the language's own `assert` it only says so. */
  export function assert<T>(condition: T, message: string = ""): void {
    if (!condition) printError(message.length == 0 ? "Assertion failed" : "Assertion failed: " + message);
  }
}

/** What `process` is, as far as a guest has what it tells. */
export namespace process {
  @lazy export const arch: string = "wasm32";
  @lazy export const platform: string = "wasm";
  /** As `args()`: the module's own name comes first. */
  @lazy export const argv: string[] = args();
  /** As `variables()`. */
  @lazy export const env: Map<string, string> = variables();

  export function exit(code: i32 = 0): void {
    proc_exit(code);
  }

  /** Milliseconds since 1970. */
  export function time(): i64 {
    return <i64>(now() / 1000000);
  }

  /** Nanoseconds of a clock that nobody sets. */
  export function hrtime(): u64 {
    return elapsed();
  }
}

/** What `performance` is. */
export namespace performance {
  /** Milliseconds of a clock that nobody sets. */
  export function now(): f64 {
    return <f64>elapsed() / 1000000;
  }
}

/** What `Math.random` starts from. */
export function seed(): f64 {
  const number = memory.data(8, 8);
  random_get(number, 8);
  return <f64>load<u64>(number);
}

function time(clock: i32): u64 {
  const result = memory.data(8, 8);
  return clock_time_get(clock, 1, result) == 0 ? load<u64>(result) : 0;
}

function write(fd: i32, text: string): void {
  const bytes = String.UTF8.encode(text);
  const vector = memory.data(12, 8);
  let done = 0;
  while (done < bytes.byteLength) {
    store<usize>(vector, changetype<usize>(bytes) + done);
    store<i32>(vector, bytes.byteLength - done, 4);
    if (fd_write(fd, vector, 1, vector + 8) != 0) return;
    done += load<i32>(vector, 8);
  }
}

function terminated(text: string): ArrayBuffer {
  return String.UTF8.encode(text, true);
}
