import type { EventContext, Receiver } from 'rhea'

const BATCH = 1000

/** Takes everything out of a queue; resolves when the broker has no more. Never rejects, and may not resolve at all. */
export function emptyQueue(receiver: Receiver): Promise<void> {
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
