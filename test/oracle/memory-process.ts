/**
 * A process of its own for memory.test.ts, with `--expose-gc`: what the load loops and the ledger hold on to after a
 * collection. Prints a `HeldMemory` as JSON.
 */
import { setImmediate } from 'node:timers/promises'
import { DeliveryLedger, type ConsumerLedger } from '../../src/measure/delivery-ledger.ts'
import { CONSTANT_RATE } from '../support/open-load.ts'
import { runVirtualCell } from './virtual-cell.ts'

/** Bytes. */
export interface HeldMemory {
  /** All of the process after the first 500,000 messages, and 3,000,000 messages later: a minute at 50,000/s. */
  readonly afterStart: number
  readonly minuteLater: number
  readonly delivered: number
  /** Of one producer in the ledger of one consumer thread: after 1,000 messages in order, and after 1,000,000. */
  readonly ledgerOfProducer: number
  readonly ledgerOfProducerLater: number
}

const LEDGER_PRODUCERS = 64
const READINGS = 10

function heldBytes(): number {
  if (globalThis.gc === undefined) throw new Error('start it with --expose-gc')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

async function heldByLoops(): Promise<Pick<HeldMemory, 'afterStart' | 'minuteLater' | 'delivered'>> {
  let afterStart = 0
  let minuteLater = 0
  const { totals } = await runVirtualCell({
    load: { ...CONSTANT_RATE, ratePerSecond: 50_000, inFlight: 1_000 },
    producers: 10,
    consumers: 10,
    measureSeconds: 70,
    faults: { serviceMicros: '10' },
    at: [
      { seconds: 10, run: () => (afterStart = heldBytes()) },
      { seconds: 70, run: () => (minuteLater = heldBytes()) },
    ],
  })
  return { afterStart, minuteLater, delivered: totals.delivered }
}

/**
 * The least of several readings: a compiler at work, and what V8 gives back in a later turn of the loop, add hundreds of
 * kilobytes to one of them, and never take any away.
 */
async function leastHeldBytes(): Promise<number> {
  let least = Infinity
  for (let reading = 0; reading < READINGS; reading++) {
    await setImmediate()
    least = Math.min(least, heldBytes())
  }
  return least
}

async function heldByLedger(): Promise<Pick<HeldMemory, 'ledgerOfProducer' | 'ledgerOfProducerLater'>> {
  // The code is compiled before anything is read.
  receive(new DeliveryLedger(false).forConsumer(0), 0, 100_000)
  const before = await leastHeldBytes()
  const ledger = new DeliveryLedger(false)
  const consumer = ledger.forConsumer(0)
  receive(consumer, 0, 1_000)
  const early = await leastHeldBytes()
  receive(consumer, 1_000, 1_000_000)
  const later = await leastHeldBytes()
  // Read once more, so that the ledger is alive until here.
  if (ledger.toReceivedSets().length !== LEDGER_PRODUCERS) throw new Error('the ledger has lost a producer')
  return {
    ledgerOfProducer: (early - before) / LEDGER_PRODUCERS,
    ledgerOfProducerLater: (later - before) / LEDGER_PRODUCERS,
  }
}

function receive(consumer: ConsumerLedger, from: number, to: number): void {
  for (let producer = 0; producer < LEDGER_PRODUCERS; producer++) {
    for (let sequence = from; sequence < to; sequence++) consumer.receive(producer, sequence)
  }
}

const held: HeldMemory = { ...(await heldByLedger()), ...(await heldByLoops()) }
process.stdout.write(`${JSON.stringify(held)}\n`)
