/** Results cannot be read or written where they should be; the message names the path and the system's reason. Exit 73; 64 for a run that the user named. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}
