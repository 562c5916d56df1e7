/**
 * A process of its own for memory.test.ts, with `--expose-gc`: what the load loops and the ledger hold on to after a
 * collection. Prints a `HeldMemory` as JSON.
 */
import { DeliveryLedger } from '../../src/measure/delivery-ledger.ts'
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

function heldByLedger(): Pick<HeldMemory, 'ledgerOfProducer' | 'ledgerOfProducerLater'> {
  const before = heldBytes()
  const ledger = new DeliveryLedger(false)
  const consumer = ledger.forConsumer(0)
  const receive = (from: number, to: number): number => {
    for (let producer = 0; producer < LEDGER_PRODUCERS; producer++) {
      for (let sequence = from; sequence < to; sequence++) consumer.receive(producer, sequence)
    }
    return (heldBytes() - before) / LEDGER_PRODUCERS
  }
  const held = { ledgerOfProducer: receive(0, 1_000), ledgerOfProducerLater: receive(1_000, 1_000_000) }
  // Read once more, so that the ledger is alive until here.
  if (ledger.toReceivedSets().length !== LEDGER_PRODUCERS) throw new Error('the ledger has lost a producer')
  return held
}

const held: HeldMemory = { ...heldByLedger(), ...(await heldByLoops()) }
process.stdout.write(`${JSON.stringify(held)}\n`)
