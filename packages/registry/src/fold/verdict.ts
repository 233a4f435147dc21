import type { EbpmErrorOptions, ErrorCode } from '@ebpm/formats';
import type { OperationPlace } from './operation-place.js';

/** Why the rules forbid an operation; the same words reach whoever asked for it. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly message: string;
  readonly options?: EbpmErrorOptions;
}

/** What the rules say of an operation on some state. */
export type FoldVerdict =
  | { readonly kind: 'accepted' }
  /** It asks for what an earlier operation did. */
  | { readonly kind: 'repeated'; readonly at: OperationPlace }
  /** The rules know no operation that looks like this. */
  | { readonly kind: 'unknown' }
  | Refusal;

/** A verdict that leaves an operation void. */
export type VoidVerdict = Exclude<FoldVerdict, { readonly kind: 'accepted' }>;

/** The verdict on what no rule is about. */
export const UNKNOWN = { kind: 'unknown' } as const satisfies FoldVerdict;

/** A refusal in one line. */
export function refused(code: ErrorCode, message: string, options?: EbpmErrorOptions): Refusal {
  return { kind: 'refused', code, message, ...(options !== undefined && { options }) };
}

/** What a log keeps of a verdict that leaves an operation void. */
export function voidReason(verdict: VoidVerdict): string {
  return verdict.kind === 'refused' ? verdict.code : verdict.kind;
}
