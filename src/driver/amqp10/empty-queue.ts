import type { EventContext, Receiver } from 'rhea'
import { quietTime } from '../quiet-time.ts'

const BATCH = 1000

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

/** RabbitMQ's plugin cannot drain a link (3.10 ends the session with an error): there, silence means that it is empty. */
async function untilQuiet(receiver: Receiver): Promise<void> {
  let taken = 0
  receiver.on('message', ({ delivery }: EventContext) => {
    taken++
    delivery?.accept()
    receiver.add_credit(1)
  })
  receiver.add_credit(BATCH)
  for (let takenBefore = -1; taken !== takenBefore;) {
    takenBefore = taken
    await quietTime()
  }
}
