import { randomBytes } from 'node:crypto'

/**
 * An id that no connection had before, in this run or in another: brokers refuse a second message with the id of one
 * that they have stored. Short, because it stands twice in every message.
 */
export function newConnectionId(): string {
  return `ID:${randomBytes(12).toString('base64url')}`
}
