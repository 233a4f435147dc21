import type { ErrorCode, ErrorRow } from '@ebpm/formats';

/** A row of the registry's error table: an HTTP answer has its status, a command that ends with it the exit code. */
export interface RegistryErrorRow extends ErrorRow {
  /** RFC 9110 section 15. Errors that only a command meets have 500: should one reach HTTP, it is the server's fault. */
  readonly status: number;
}

/** Every error that the registry itself makes. A package's own faults come from `@ebpm/formats` and answer with 422. */
export const REGISTRY_ERRORS = {
  EBPM_BLOB_DAMAGED: { status: 500, exit: 1, meaning: 'the store holds other bytes than those of the digest' },
  EBPM_BLOB_NOT_FOUND: { status: 404, exit: 1, meaning: 'the registry holds no bytes with this digest' },
  EBPM_CURSOR_INVALID: { status: 400, exit: 1, meaning: 'a search cursor was changed, or belongs to another query' },
  EBPM_DIGEST_MISMATCH: { status: 422, exit: 1, meaning: 'the bytes that arrived are not those of the digest' },
  EBPM_INTERNAL: { status: 500, exit: 1, meaning: 'the registry failed; its log has the reason under the request id' },
  EBPM_LOG_BUSY: { status: 503, exit: 1, meaning: 'too many writes wait already; this one was not started' },
  EBPM_LOG_TOO_NEW: { status: 503, exit: 1, meaning: 'a newer registry wrote the log; this one writes no more' },
  EBPM_LOG_UNSOUND: {
    status: 503,
    exit: 1,
    meaning: 'the log has a hole, a fork or a changed entry; nothing is written',
  },
  EBPM_MANIFEST_MISMATCH: { status: 422, exit: 1, meaning: 'ebpm.json names another package or version than the URL' },
  EBPM_MANIFEST_MISSING: { status: 422, exit: 1, meaning: 'the archive has no ebpm.json' },
  EBPM_NAME_TOO_SIMILAR: { status: 409, exit: 1, meaning: 'a package exists whose name differs only in . _ -' },
  EBPM_NOT_OWNER: { status: 403, exit: 1, meaning: 'the package belongs to somebody else' },
  EBPM_OUTBOUND_ALLOW_INVALID: {
    status: 500,
    exit: 2,
    meaning: 'an entry of the list of allowed places is no host, address or network',
  },
  EBPM_OUTBOUND_ANSWER_INVALID: { status: 502, exit: 1, meaning: 'another server gave an answer that cannot be used' },
  EBPM_OUTBOUND_FAILED: { status: 502, exit: 1, meaning: 'another server did not answer' },
  EBPM_OUTBOUND_REFUSED: { status: 422, exit: 1, meaning: 'a URL leads to where the registry sends no requests' },
  EBPM_PACKAGE_METADATA_TOO_LARGE: { status: 422, exit: 1, meaning: 'ebpm.json and the file list do not fit the log' },
  EBPM_PACKAGE_NOT_FOUND: { status: 404, exit: 1, meaning: 'the registry has no package of this name' },
  EBPM_PACKAGE_PRIVATE: { status: 422, exit: 1, meaning: 'ebpm.json says that the package is not to be published' },
  EBPM_PERSON_DAMAGED: { status: 500, exit: 1, meaning: "a person's record in the store was changed" },
  EBPM_REGISTRY_ADDRESS: { status: 500, exit: 1, meaning: 'the address or port cannot be listened on' },
  EBPM_REGISTRY_BEHIND: { status: 503, exit: 1, meaning: 'this replica has not yet seen what the reader has seen' },
  EBPM_REGISTRY_CLOSING: { status: 503, exit: 1, meaning: 'the registry is shutting down and takes no more writes' },
  EBPM_REGISTRY_CONFIG: { status: 500, exit: 2, meaning: 'the configuration cannot be read or has a wrong value' },
  EBPM_REGISTRY_DATA_BUSY: { status: 500, exit: 1, meaning: 'another process uses the same --data directory' },
  EBPM_REGISTRY_FORKED: { status: 409, exit: 1, meaning: 'reader and registry have different histories' },
  EBPM_REGISTRY_KEY_INVALID: { status: 500, exit: 1, meaning: 'the key file does not hold a registry key' },
  EBPM_REGISTRY_KEY_MISSING: {
    status: 500,
    exit: 1,
    meaning: "the key that encrypted this store's people is not there",
  },
  EBPM_REGISTRY_KEY_WRONG: {
    status: 500,
    exit: 1,
    meaning: "the key is not the one that encrypted this store's people",
  },
  EBPM_REGISTRY_UNSETTLED: { status: 503, exit: 1, meaning: 'the store did not say whether the write happened' },
  EBPM_REGISTRY_USAGE: { status: 500, exit: 2, meaning: 'the command line of ebpm-registry was typed wrongly' },
  EBPM_REQUEST_INVALID: { status: 400, exit: 1, meaning: 'the request does not have the form that the API asks for' },
  EBPM_REQUEST_TIMEOUT: { status: 408, exit: 1, meaning: 'the request did not arrive in time' },
  EBPM_REQUEST_TOO_LARGE: { status: 431, exit: 1, meaning: 'the URL and headers are larger than the registry reads' },
  EBPM_ROUTE_NOT_FOUND: { status: 404, exit: 1, meaning: 'the API has no such method and path' },
  EBPM_STORE_REFUSED: { status: 503, exit: 1, meaning: 'the store refused the request; nothing was written' },
  EBPM_STORE_UNAVAILABLE: { status: 503, exit: 1, meaning: 'the store did not answer' },
  EBPM_STORE_UNSUITABLE: { status: 500, exit: 1, meaning: 'the store ignores conditional creates' },
  EBPM_STORE_URL: { status: 500, exit: 2, meaning: 'the value of --store names no store' },
  EBPM_TAG_REQUIRED: { status: 422, exit: 1, meaning: 'a prerelease was published without a tag' },
  EBPM_TOKEN_EXPIRED: { status: 401, exit: 1, meaning: 'the token was valid and has expired' },
  EBPM_TOKEN_INVALID: { status: 401, exit: 1, meaning: 'the registry does not know the token, or it was revoked' },
  EBPM_TOKEN_NOT_FOUND: { status: 404, exit: 1, meaning: 'no token has this id' },
  EBPM_TOKEN_REQUIRED: { status: 401, exit: 1, meaning: 'the route needs a token and none was sent' },
  EBPM_UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    exit: 1,
    meaning: 'the body has another content type than the route takes',
  },
  EBPM_USER_EXISTS: { status: 409, exit: 1, meaning: 'a user of this name exists' },
  EBPM_USER_NAME_INVALID: { status: 422, exit: 2, meaning: 'the name is not one that a user can have' },
  EBPM_USER_NOT_FOUND: { status: 404, exit: 1, meaning: 'no user has this name' },
  EBPM_VERSION_EXISTS: { status: 409, exit: 1, meaning: 'the version exists with other contents and stays as it is' },
  EBPM_VERSION_NOT_FOUND: { status: 404, exit: 1, meaning: 'the package has no such version' },
} as const satisfies Readonly<Record<ErrorCode, RegistryErrorRow>>;
