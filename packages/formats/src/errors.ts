import type { ErrorTable } from './ebpm-error.js';

/** The errors of @ebpm/formats. */
export const FORMATS_ERRORS = {
  EBPM_NAME_INVALID: { exit: 2, meaning: 'a package name breaks the rules for names' },
  EBPM_VERSION_INVALID: { exit: 2, meaning: 'a version or a version range is not semver' },
  EBPM_TAG_INVALID: { exit: 2, meaning: 'a tag breaks the rules for tags' },
  EBPM_SPEC_INVALID: { exit: 2, meaning: 'what names a package is neither a name, a path, a URL nor "-"' },
  EBPM_DIGEST_INVALID: { exit: 1, meaning: 'a digest is not written as sha256:<64 hex digits>' },
  EBPM_NOTE_INVALID: { exit: 1, meaning: "what a registry says of its log's head is not signed by its key" },
  EBPM_NOTE_KEY_INVALID: { exit: 2, meaning: "what was given as a registry's key is none" },
  EBPM_STATEMENT_INVALID: { exit: 1, meaning: 'a signed statement has not the form of a Sigstore bundle' },
  EBPM_MANIFEST_TOO_LARGE: { exit: 1, meaning: 'ebpm.json is larger than 64 KiB' },
  EBPM_MANIFEST_MALFORMED: { exit: 1, meaning: 'ebpm.json is not JSON' },
  EBPM_MANIFEST_INVALID: { exit: 1, meaning: 'ebpm.json breaks its schema' },
  EBPM_PACKAGE_UNSUPPORTED: { exit: 1, meaning: 'the file is of a kind that cannot be read as a package' },
  EBPM_PACKAGE_TOO_LARGE: { exit: 1, meaning: 'a package or the object in it is larger than allowed' },
  EBPM_PACKAGE_MALFORMED: { exit: 1, meaning: 'a package.json is not JSON' },
  EBPM_PACKAGE_INVALID: { exit: 1, meaning: 'a package.json breaks its schema' },
  EBPM_PACKAGE_BASE64: { exit: 1, meaning: 'bpf_object of a package is not base64' },
  EBPM_PACKAGE_COMPRESSION: { exit: 1, meaning: 'bpf_object of a package is not sound zlib data' },
  EBPM_PACKAGE_SIZE_MISMATCH: { exit: 1, meaning: 'bpf_object of a package has another size than bpf_object_size' },
  EBPM_ARCHIVE_TOO_LARGE: { exit: 1, meaning: 'an archive is larger or has more files than allowed' },
  EBPM_ARCHIVE_TRUNCATED: { exit: 1, meaning: 'an archive ends too early' },
  EBPM_ARCHIVE_MALFORMED: { exit: 1, meaning: 'an archive has a damaged header' },
  EBPM_ARCHIVE_ENTRY: { exit: 1, meaning: 'an archive holds something else than regular files' },
  EBPM_ARCHIVE_PATH: { exit: 1, meaning: 'a path in an archive is not safe or not portable' },
  EBPM_ARCHIVE_DUPLICATE: { exit: 1, meaning: 'two files of an archive cannot lie beside each other' },
  EBPM_ARCHIVE_NOT_CANONICAL: {
    exit: 1,
    meaning: 'an archive holds sound files but is not packed in the canonical way',
  },
} as const satisfies ErrorTable;
