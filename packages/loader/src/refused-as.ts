import { EbpmError, type ErrorCode } from '@ebpm/formats';
import { readLibbpfLog } from './libbpf-log.js';
import { errnoText, isNativeFailure } from './native-failure.js';

/** Runs a native call; where libbpf or the kernel refuses, the error has that code, and says that `action` failed and why. */
export function refusedAs<T>(code: ErrorCode, action: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!isNativeFailure(error)) throw error;
    const log = readLibbpfLog(error.log).messages;
    throw new EbpmError(code, `${action}: ${log.at(-1) ?? errnoText(error)}`, {
      cause: error,
      data: { errno: error.errno, log },
    });
  }
}
