import { EbpmError } from '@ebpm/formats';

/** The error for something that the build needs from the system, with the Debian package that brings it. */
export function toolMissing(
  tool: string,
  debianPackage: string,
  reason = `"${tool}" is not installed`,
  data: Readonly<Record<string, unknown>> = {},
): EbpmError {
  return new EbpmError('EBPM_TOOL_MISSING', `Cannot build: ${reason}`, {
    hint: `On Debian and Ubuntu: sudo apt-get install ${debianPackage}`,
    data: { tool, debianPackage, ...data },
  });
}
