import type { BufferTotals, GuestCall, GuestEnd, InitialValue, Refusal } from '@ebpm/wasm';
import { MAX_GUEST_NAME_BYTES, MAX_TARGET_BYTES, MAX_TOOL_ARGS_BYTES } from '@ebpm/wasm';

/**
 * What a guest's process says, checked: it runs somebody's code, so that nothing of it is to be believed. Undefined for what is no call.
 */
export function guestCall(header: unknown): GuestCall | undefined {
  if (!isRecord(header)) return undefined;
  const { call, object } = header;
  if (call === 'load') return loadCall(header);
  if (call === 'end') return { call, ...guestEnd(header) };
  if (call === 'tool-start') return toolCall(header);
  if (call === 'tool-stop') return isCount(header['tool']) ? { call, tool: header['tool'] } : undefined;
  if (!isCount(object)) return undefined;
  switch (call) {
    case 'attach':
      return attachCall(object, header);
    case 'attach-all':
      return { call, object, settings: header['settings'] };
    case 'perf': {
      const { map } = header;
      return isText(map, MAX_GUEST_NAME_BYTES) ? { call, object, map } : undefined;
    }
    case 'close':
      return { call, object };
    default:
      return undefined;
  }
}

function loadCall({ name, values = [] }: Fields): GuestCall | undefined {
  if (!isText(name, MAX_GUEST_NAME_BYTES) || name === '' || name.includes('\0') || !Array.isArray(values))
    return undefined;
  const checked = values.map(initialValue);
  return checked.every((value) => value !== undefined) ? { call: 'load', name, values: checked } : undefined;
}

function initialValue(value: unknown): InitialValue | undefined {
  if (!isRecord(value)) return undefined;
  const { section, offsetBytes, bytes } = value;
  if (!isText(section, MAX_GUEST_NAME_BYTES) || !isCount(offsetBytes) || typeof bytes !== 'string') return undefined;
  return { section, offsetBytes, bytes };
}

function attachCall(object: number, { program, target, folder }: Fields): GuestCall | undefined {
  if (!isText(program, MAX_GUEST_NAME_BYTES)) return undefined;
  if (folder === null || isCount(folder)) return { call: 'attach', object, program, folder };
  if (folder !== undefined) return undefined;
  if (target === undefined) return { call: 'attach', object, program };
  return isText(target, MAX_TARGET_BYTES) ? { call: 'attach', object, program, target } : undefined;
}

function toolCall({ name, args }: Fields): GuestCall | undefined {
  if (!isText(name, MAX_GUEST_NAME_BYTES) || !Array.isArray(args)) return undefined;
  const isCommandLine = args.every((word) => typeof word === 'string' && !word.includes('\0'));
  if (!isCommandLine || !isText(args.join('\0'), MAX_TOOL_ARGS_BYTES)) return undefined;
  return { call: 'tool-start', name, args };
}

/** What makes no sense in it is left out: it is only shown. */
function guestEnd({ exitCode, fault, stopped, buffers, shown }: Fields): GuestEnd {
  return {
    ...(isCount(exitCode) && { exitCode }),
    ...(isRefusal(fault) && { fault: shortened(fault) }),
    ...(isStopReason(stopped) && { stopped }),
    buffers: Array.isArray(buffers) ? buffers.flatMap(bufferTotals) : [],
    shown: isCount(shown) ? shown : 0,
  };
}

function isStopReason(value: unknown): value is NonNullable<GuestEnd['stopped']> {
  return value === 'told' || value === 'enough' || value === 'unread';
}

function shortened({ code, message, hint }: Refusal): Refusal {
  const told = { code, message: message.slice(0, MAX_MESSAGE_LENGTH) };
  return typeof hint === 'string' ? { ...told, hint: hint.slice(0, MAX_MESSAGE_LENGTH) } : told;
}

const MAX_MESSAGE_LENGTH = 2000;

function bufferTotals(value: unknown): readonly BufferTotals[] {
  if (!isRecord(value)) return [];
  const { object, map, kind, delivered, lost } = value;
  const isBuffer = kind === 'ring buffer' || kind === 'perf buffer';
  if (!isCount(object) || !isText(map, MAX_GUEST_NAME_BYTES) || !isBuffer || !isCount(delivered)) return [];
  return [{ object, map, kind, delivered, lost: isCount(lost) ? lost : null }];
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown, maxBytes: number): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) <= maxBytes;
}

function isRefusal(value: unknown): value is Refusal {
  return isRecord(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string';
}
