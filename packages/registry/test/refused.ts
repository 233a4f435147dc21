import { expect } from 'vitest';

/** Matches an error by its code and a part of its message. */
export function refused(code: string, message = ''): unknown {
  return expect.objectContaining({ code, message: expect.stringContaining(message) });
}
