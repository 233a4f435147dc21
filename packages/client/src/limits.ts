/** Largest JSON answer in bytes: 100,000 versions of a package are about 30 MB, and nobody publishes so many. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** From the last byte sent to the first byte of the answer: a registry that is unsure of a write answers within 10 s. */
export const HEADERS_TIMEOUT_MS = 30_000;
/** Between two chunks of an answer's body: longer pauses are no slow line but a broken one. */
export const BODY_TIMEOUT_MS = 30_000;
/** Until a connection stands: undici's default, several times what the slowest line takes. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Redirects that one download follows: a registry behind a CDN needs one or two. */
export const MAX_REDIRECTS = 5;
/** Pauses before a GET is sent again: a server that restarts is back within some seconds, and a person waits no longer. */
export const RETRY_DELAYS_MS: readonly number[] = [300, 1_000, 3_000];
/** Longest pause that a server may wish for: after a longer one, whoever waits decides himself. */
export const MAX_RETRY_AFTER_MS = 20_000;
/** A refusal that takes longer is not asked for again: the server has waited itself, a replica that lags behind 5 s. */
export const MAX_ANSWERED_MS = 3_000;
/** Archives from this size on are kept on the disk while they come in: a smaller one is downloaded again in a moment. */
export const MIN_CONTINUED_BYTES = 256 * 1024;
/** Certificates in EBPM_CA_FILE, in bytes: a system's whole bundle is about 250 KB. */
export const MAX_CA_BYTES = 4 * 1024 * 1024;
/** The record of an installed version, in bytes: its longest texts are the targets of what has to be agreed to, as in an approval. */
export const MAX_RECORD_BYTES = 1024 * 1024;
/** What is read of a version's file to find its record, in bytes: most records are a tenth of that. */
export const RECORD_TAIL_BYTES = 16 * 1024;
/** What is kept of a version for times without a network, in bytes: a thousand keys of publishers are 300 KB. */
export const MAX_KNOWN_BYTES = 1024 * 1024;
/** The file with registries and tokens, in bytes: thousands of them. */
export const MAX_REGISTRIES_BYTES = 1024 * 1024;
/** Longest token in characters: a header must carry it, and servers read 16 KiB of headers. */
export const MAX_TOKEN_LENGTH = 4096;
/** What a crash left in the store's temporary folder is removed after a day: no installation takes so long. */
export const LEFTOVER_MS = 86_400_000;
/** The file that says that a folder is a mirror, in bytes: a key, a hash and patterns of names. */
export const MAX_MIRROR_FILE_BYTES = 64 * 1024;
/** Conclusions drawn while versions are chosen: ordinary graphs take some thousands; what a hostile registry makes up may never end. */
export const MAX_RESOLVE_STEPS = 200_000;
/** Reasons that a conflict of versions is explained by: nobody reads more. */
export const MAX_TOLD_REASONS = 20;
/** Packages that are missing without a network, by name in the message; an error's data has all. */
export const MAX_TOLD_MISSING = 10;
/** Packages that are downloaded at the same time: a registry's own limits are for each of them, and a disk gains nothing from more. */
export const MAX_DOWNLOADS = 8;
/** A lockfile in bytes: ten thousand packages. */
export const MAX_LOCKFILE_BYTES = 4 * 1024 * 1024;
/** A key, or a signed head with the signatures of witnesses, in bytes. */
export const MAX_LOG_TEXT_BYTES = 64 * 1024;
/** Between two questions for changes while there are none: a registry answers thirty a minute without noticing. */
export const CHANGES_PAUSE_MS = 2_000;
/** What is known of a registry's log, in bytes: its address, a key and a head. */
export const MAX_LOG_PIN_BYTES = 16 * 1024;
/** Registries whose logs are known that are listed: nobody has so many. */
export const MAX_LOG_PINS = 10_000;
/** Keys that took each other's places from the one that is pinned on: a publisher who rotates each month needs five years for them. */
export const MAX_KEY_ROTATIONS = 64;
/** A private key in PEM, in bytes: Ed25519 has 119. */
export const MAX_KEY_FILE_BYTES = 16 * 1024;
/** Signed statements in a header, in characters: servers read 16 KiB of headers. */
export const MAX_BUNDLES_HEADER_LENGTH = 14_000;
/** A file with what was agreed to for an object, in bytes: sixteen classes with fifty targets, whose names have a thousand characters at most. */
export const MAX_APPROVAL_BYTES = 1024 * 1024;
/** A policy in bytes: ten thousand digests. */
export const MAX_POLICY_BYTES = 1024 * 1024;
/** A registry's list of revocations, in bytes, as JSON: 25,000 archives that were taken down. */
export const MAX_REVOCATIONS_BYTES = 4 * 1024 * 1024;
/** A list of revocations is asked for once an hour at most: a registry has as many clients as there are machines. */
export const REVOCATIONS_EVERY_MS = 3_600_000;
/** What a run waits for a list, after it has started, in a process beside it. */
export const REVOCATIONS_TIMEOUT_MS = 2_000;
/** Objects that were run as files whose permissions are kept: somebody who compiles all day has as many in a week. */
export const MAX_KEPT_JUDGEMENTS = 500;
/** What a file is hashed by at a time: more is no faster. */
export const DIGEST_PART_BYTES = 64 * 1024;
/** An archive that is asked for instead of its manifest alone: most packages are smaller, and asking twice takes longer than sending so many bytes. */
export const MAX_EAGER_ARCHIVE_BYTES = 64 * 1024;
/** Archives that were asked for so and are not installed yet, in bytes: five hundred of the largest. */
export const MAX_EAGER_BYTES = 32 * 1024 * 1024;
