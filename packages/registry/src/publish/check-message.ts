import type { ErrorCode } from '@ebpm/formats';
import type { CheckedPackage, PackageClaim } from './check-package.js';

/** What a thread is to check. */
export interface CheckTask {
  readonly archive: Uint8Array;
  readonly claim: PackageClaim;
}

/** What it found: the package, an error of the person who sent it, or one of ours. Tasks come and are answered several at a time. */
export type CheckAnswer =
  | { readonly checked: CheckedPackage }
  | { readonly refusal: Refusal }
  | { readonly failure: string };

/** An `EbpmError`, of which only this crosses threads. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;
}
