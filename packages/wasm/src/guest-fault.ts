/** What a guest did that no guest may: it ends the guest. The message goes on after "the guest". */
export class GuestFault extends Error {
  override readonly name = 'GuestFault';
}
