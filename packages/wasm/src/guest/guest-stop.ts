/** Why a guest is unwound: it was told to end, it has had the samples that were wanted, or nobody reads its output any more. */
export type StopReason = 'told' | 'enough' | 'unread';

/** Unwinds a guest. */
export class GuestStop extends Error {
  override readonly name = 'GuestStop';
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`the guest ends: ${reason}`);
    this.reason = reason;
  }
}
