/** Whether this is the opaque id of a user, such as an operation of the log may name. */
export function isUserId(id: string): boolean {
  return /^u_[0-9a-f]{32}$/.test(id);
}
