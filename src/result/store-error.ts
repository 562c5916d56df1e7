/** Results cannot be read or written where they should be; the message names the path and the system's reason. Exit 73. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}
