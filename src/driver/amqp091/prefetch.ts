import { DriverError } from '../driver-error.ts'
import type { ConsumerSpec } from '../driver.ts'

/** basic.qos has 16 bits; 0 would mean no limit. */
const PREFETCH_MAX = 65_535

/**
 * The prefetch to ask for: the wanted one, at most 65,535.
 * @throws DriverError `unsupported` where a batch of acknowledgements would never be full under it.
 */
export function prefetchOf(spec: Pick<ConsumerSpec, 'prefetch' | 'acknowledge' | 'transactionMessages'>): number {
  const { prefetch, acknowledge, transactionMessages = 0 } = spec
  if (acknowledge.kind === 'auto') return Math.min(prefetch, PREFETCH_MAX)
  const batch = Math.max(acknowledge.kind === 'every' ? acknowledge.messages : 1, transactionMessages)
  if (batch > PREFETCH_MAX) {
    const limit = `AMQP 0-9-1 has a prefetch of at most ${PREFETCH_MAX}`
    throw new DriverError('unsupported', `${limit}, so ${batch} messages cannot be acknowledged at a time`)
  }
  return Math.min(prefetch, PREFETCH_MAX)
}
