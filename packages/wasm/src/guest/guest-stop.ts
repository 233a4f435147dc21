/** Unwinds a guest that was told to end, or whose output nobody reads any more. */
export class GuestStop extends Error {
  override readonly name = 'GuestStop';
}
