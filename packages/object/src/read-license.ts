import { cString } from './c-string.js';
import type { ElfSection } from './elf-file.js';
import { LICENSE_MAX_CHARS } from './limits.js';
import { refusal } from './refusal.js';

/** Reads the text of the `license` section: printable ASCII, ended by a NUL. @throws EBPM_OBJECT_INVALID */
export function readLicense(section: ElfSection | undefined): string | undefined {
  if (section === undefined) return undefined;
  const license = section.bytes === undefined ? undefined : cString(section.bytes, 0, LICENSE_MAX_CHARS);
  if (license === undefined || !/^[ -~]+$/.test(license)) {
    throw refusal(
      'EBPM_OBJECT_INVALID',
      `section "license" holds no text of 1 to ${LICENSE_MAX_CHARS} characters that ends with NUL`,
      { section: section.name },
      'Write: char LICENSE[] SEC("license") = "GPL";',
    );
  }
  return license;
}
