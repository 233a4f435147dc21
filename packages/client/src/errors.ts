import type { ErrorTable } from '@ebpm/formats';

/** What talking to a registry, packing a project and keeping packages can fail with. */
export const CLIENT_ERRORS = {
  EBPM_REGISTRY_UNSET: { exit: 2, meaning: 'no registry is configured' },
  EBPM_REGISTRY_URL_INVALID: { exit: 2, meaning: 'a registry is named by something that is no http(s) URL' },
  EBPM_REGISTRY_UNREACHABLE: { exit: 1, meaning: 'the registry does not answer' },
  EBPM_REGISTRY_ANSWER_INVALID: {
    exit: 1,
    meaning: 'the registry answered with something that is no answer of a registry',
  },
  EBPM_REGISTRY_FORKED: { exit: 1, meaning: 'the registry shows another history than before' },
  EBPM_REGISTRY_WENT_BACK: { exit: 1, meaning: 'the log of the registry is shorter than it was' },
  EBPM_LOG_CHAIN_INVALID: { exit: 1, meaning: 'the entries of the log do not follow each other' },
  EBPM_PROXY_INVALID: { exit: 2, meaning: 'HTTP_PROXY or HTTPS_PROXY is no http(s) URL' },
  EBPM_CA_FILE_INVALID: { exit: 2, meaning: 'EBPM_CA_FILE names no readable file with certificates' },
  EBPM_TOKEN_MISSING: { exit: 1, meaning: 'there is no token for this registry' },
  EBPM_TOKEN_MALFORMED: { exit: 2, meaning: 'what was given as a token cannot be one' },
  EBPM_CREDENTIALS_UNUSABLE: { exit: 1, meaning: 'the file with registries and tokens is damaged or not safe' },
  EBPM_VERSION_NOT_FOUND: { exit: 1, meaning: 'the registry has no version that was asked for' },
  EBPM_VERSION_CHANGED: { exit: 1, meaning: 'a version that is installed has another digest in the registry' },
  EBPM_DIGEST_MISMATCH: { exit: 1, meaning: 'the bytes that arrived are not those of the digest' },
  EBPM_MANIFEST_MISSING: { exit: 1, meaning: 'the archive has no ebpm.json' },
  EBPM_MANIFEST_MISMATCH: { exit: 1, meaning: 'ebpm.json names another package or version than was asked for' },
  EBPM_ENTRY_MISSING: { exit: 1, meaning: 'the file that ebpm.json names as the entry is not there' },
  EBPM_VARIANT_MISSING: { exit: 1, meaning: 'the package has no variant for this machine' },
  EBPM_VERSION_UNSUITABLE: { exit: 1, meaning: 'the package asks for another version of ebpm' },
  EBPM_PROJECT_MISSING: { exit: 2, meaning: 'what is to be published is neither a project nor a package file' },
  EBPM_PROJECT_FILE: { exit: 1, meaning: 'a file that is to be published cannot be packed' },
  EBPM_PACKAGE_PRIVATE: { exit: 1, meaning: 'ebpm.json says that the package is not to be published' },
  EBPM_NOT_INSTALLED: { exit: 1, meaning: 'the package is not installed' },
  EBPM_STORE_DAMAGED: { exit: 1, meaning: 'something in the local store is not as it was written' },
  EBPM_STORE_UNWRITABLE: { exit: 1, meaning: 'the local store cannot be written to' },
} as const satisfies ErrorTable;
