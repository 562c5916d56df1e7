import { DriverError } from '../driver-error.ts'

/**
 * What `encode` returns.
 * @throws DriverError `unsupported` for what AMQP 0-9-1 cannot spell: a name of more than 255 bytes.
 */
export function spelt<T>(encode: () => T): T {
  try {
    return encode()
  } catch (error) {
    if (error instanceof RangeError) throw new DriverError('unsupported', error.message, { cause: error })
    throw error
  }
}
