import type { ErrorTable } from '@ebpm/formats';

/** What the command line itself can fail with. */
export const CLI_ERRORS = {
  EBPM_USAGE_INVALID: { exit: 2, meaning: 'The command was typed wrongly' },
  EBPM_INTERNAL: { exit: 1, meaning: 'A bug in ebpm' },
  EBPM_INSTALL_FAILED: { exit: 1, meaning: 'A package that was to run could not be installed' },
  EBPM_DOWNLOAD_FAILED: { exit: 1, meaning: 'An address that was named cannot be read' },
  EBPM_USER_MISSING: { exit: 1, meaning: 'There is no user to do what root is not to do' },
  EBPM_FILE_UNREADABLE: { exit: 1, meaning: 'A file that was named cannot be read' },
  EBPM_FILE_UNWRITABLE: { exit: 1, meaning: 'A file that a command makes cannot be written' },
  EBPM_RUNS_UNAVAILABLE: { exit: 1, meaning: 'There is no safe place for the state of background runs' },
  EBPM_RUN_UNKNOWN: { exit: 1, meaning: 'No background run has that id or name' },
  EBPM_RUN_NAME_TAKEN: { exit: 1, meaning: 'Another background run has that name' },
  EBPM_RUN_ENDED: { exit: 1, meaning: 'A background run that was to be told something has ended' },
  EBPM_RUN_SILENT: { exit: 1, meaning: 'A background run does not answer' },
  EBPM_SETTING_UNSET: { exit: 1, meaning: 'A setting that was asked for has no value' },
  EBPM_PERMISSIONS_UNAPPROVED: { exit: 1, meaning: 'Nobody has agreed to what a package may do' },
  EBPM_POLICY_DENIES: { exit: 1, meaning: 'A policy of this machine or project denies a package' },
  EBPM_AUDIT_UNWRITABLE: { exit: 1, meaning: 'The policy wants every run in the audit log, which cannot be written' },
  EBPM_EVENTS_LOST: { exit: 1, meaning: 'With --strict: something was lost, or nobody can tell' },
  EBPM_BUDGET_EXCEEDED: { exit: 1, meaning: 'The programs took more processor time than --budget allows' },
  EBPM_KEY_FILE_MISSING: { exit: 1, meaning: 'the file with the key that is to sign is not there' },
  EBPM_PROVENANCE_UNKNOWN: { exit: 1, meaning: 'nothing says how the package was built: this is no CI job' },
} as const satisfies ErrorTable;
