import { Errors } from '@oclif/core';

/** A kernel's version as people write it, two numbers or three, checked. */
export async function parseKernelVersion(text: string): Promise<string> {
  if (/^\d{1,3}\.\d{1,3}(\.\d{1,5})?$/.test(text)) return text;
  throw new Errors.CLIError(`Cannot read "${text}" as a kernel: write its version, such as 6.1 or 5.15.3`);
}
