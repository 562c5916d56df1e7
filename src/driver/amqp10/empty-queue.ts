import type { EventContext, Receiver } from 'rhea'

const BATCH = 1000
/** RabbitMQ's plugin cannot drain a link (3.10 ends the session with an error): there, silence means that it is empty. */
const QUIET_MS = 250

/** Takes everything out of a queue; resolves when the broker has no more. Never rejects, and may not resolve at all. */
export function emptyQueue(receiver: Receiver, canDrain: boolean): Promise<void> {
  return canDrain ? untilDrained(receiver) : untilQuiet(receiver)
}

function untilDrained(receiver: Receiver): Promise<void> {
  return new Promise((resolve) => {
    let taken = 0
    const askForMore = (): void => {
      taken = 0
      receiver.add_credit(BATCH)
      receiver.drain_credit()
    }
    receiver.on('message', ({ delivery }: EventContext) => {
      delivery?.accept()
      // A broker that has used up the credit need not answer the drain.
      if (++taken === BATCH) askForMore()
    })
    receiver.on('receiver_drained', () => {
      if (taken === 0) resolve()
      else askForMore()
    })
    askForMore()
  })
}

function untilQuiet(receiver: Receiver): Promise<void> {
  return new Promise((resolve) => {
    let timer = setTimeout(resolve, QUIET_MS)
    receiver.on('message', ({ delivery }: EventContext) => {
      delivery?.accept()
      receiver.add_credit(1)
      clearTimeout(timer)
      timer = setTimeout(resolve, QUIET_MS)
    })
    receiver.add_credit(BATCH)
  })
}
