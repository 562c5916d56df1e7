/**
 * One message through a target whose ends differ, before any load: that the ends lead to one broker, that both mean one
 * destination by its name, and that what arrives is what was sent, no handshake tells. Pure; the message is a cell of its
 * own, run like any other.
 */
import type { CellResult } from '../result/result.ts'
import type { Cell } from '../workload/cell.ts'

/** Long enough for any broker that has just answered a handshake, on a machine that stands still for seconds. */
const ARRIVAL_SECONDS_MAX = 20

/** The cell of that one message; null where the ends do not differ, or where the run may not make a destination for it. */
export function pilotOf(cell: Cell | undefined): Cell | null {
  if (cell === undefined || cell.consumer === null || !cell.destination.declare) return null
  return {
    ...cell,
    id: `${cell.id}-pilot`,
    crew: { producers: 1, consumers: 1 },
    load: { model: 'closed', inFlight: 1 },
    destination: { ...cell.destination, name: null },
    layout: { kind: 'shared' },
    phases: {
      ...cell.phases,
      warmupSeconds: 0,
      measureSeconds: ARRIVAL_SECONDS_MAX,
      drainSeconds: ARRIVAL_SECONDS_MAX,
      messagesPerProducer: 1,
    },
  }
}

/**
 * Why the ends cannot be used, in one sentence; null where the message arrived, and where something else went wrong that
 * the cells will say themselves.
 * @param product of the broker, null where no handshake told.
 */
export function faultOfPilot(pilot: Cell, { integrity }: CellResult, product: string | null): string | null {
  if (integrity === null || pilot.consumer === null || integrity.received > 0) return null
  const way = `from ${pilot.protocol} to ${pilot.consumer.protocol}`
  if (integrity.unexpected + integrity.corrupt > 0) {
    const encoded = product === 'ActiveMQ' && pilot.protocol === 'amqp10'
    const cure = encoded
      ? 'as shipped it hands AMQP 1.0 messages on as they were encoded; transport.transformer=jms on its amqp connector translates them'
      : 'what arrives are not the bytes that were sent'
    return `the broker changes message bodies on their way ${way}: ${cure}`
  }
  if (integrity.confirmed === 0) return null
  return `a message did not arrive ${way} within ${ARRIVAL_SECONDS_MAX} s: both ends have to lead to one broker, and to one virtual host there`
}
