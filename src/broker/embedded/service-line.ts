/**
 * Carries out what the fault model decides, in the order of arrival: messages wait for their service, are confirmed,
 * then stored (or lost, doubled, changed, displaced, held back). Pure but for the alarm that it is given.
 *
 *   offer ─▶ [waiting for service] ─▶ confirm ─▶ [held back] ─▶ displacement ─▶ Destination.accept
 */
import type { Alarm } from './alarm.ts'
import type { Destination, Displaceable, MemoryMeter } from './destination.ts'
import { Displacement } from './displacement.ts'
import { corruptedByte } from './fault-model.ts'
import type { FaultModel, MessageFate } from './fault-model.ts'

/** Whom a message came from. */
export interface Sender {
  /** The message that asked for this receipt is safe. */
  confirm(receipt: Uint8Array): void
  /** The connection is to be cut. */
  cut(): void
}

interface Waiting extends Displaceable {
  readonly serveAtUs: number
  readonly deliverAtUs: number
  readonly displaceBy: number
  readonly destination: Destination
  readonly sender: Sender
  readonly receipt: Uint8Array | null
}

export class ServiceLine {
  readonly #model: FaultModel
  readonly #alarm: Alarm
  readonly #memory: MemoryMeter
  /** In order of `serveAtUs`. */
  readonly #waiting: Waiting[] = []
  #waitingFrom = 0
  /** In order of `deliverAtUs`, because all are held back for the same time. */
  readonly #heldBack: Waiting[] = []
  readonly #displacing = new Set<Destination>()

  constructor(model: FaultModel, alarm: Alarm, memory: MemoryMeter) {
    this.#model = model
    this.#alarm = alarm
    this.#memory = memory
  }

  /** A message has arrived. @param receipt as bytes that stay as they are; null where none was asked for. */
  offer(destination: Destination, body: Uint8Array, sender: Sender, receipt: Uint8Array | null): void {
    const nowUs = this.#alarm.nowUs()
    const fate = this.#model.onPublish(++destination.published, nowUs)
    if (fate.cut) sender.cut()
    if (!fate.answered) return
    const waiting = waitingOf(fate, destination, body, sender, receipt)
    destination.underway++
    this.#memory.add(body.length)
    if (fate.serveAtUs <= nowUs && this.#waitingFrom === this.#waiting.length) {
      this.#serve(waiting, nowUs)
    } else {
      this.#waiting.push(waiting)
      this.#alarm.setAt(this.#nextUs())
    }
  }

  /** Serves what is due. */
  advance(nowUs: number): void {
    for (;;) {
      const first = this.#waiting[this.#waitingFrom]
      if (first === undefined || first.serveAtUs > nowUs) break
      this.#waitingFrom++
      this.#serve(first, nowUs)
    }
    this.#forgetServed()
    while (this.#heldBack[0] !== undefined && this.#heldBack[0].deliverAtUs <= nowUs) {
      const released = this.#heldBack.shift()
      if (released !== undefined) this.#store(released, nowUs)
    }
    for (const destination of this.#displacing) {
      destination.displacement?.releaseQuiet(nowUs)
      if (destination.displacement?.size === 0) this.#displacing.delete(destination)
    }
    this.#alarm.setAt(this.#nextUs())
  }

  #serve(waiting: Waiting, nowUs: number): void {
    if (waiting.receipt !== null) waiting.sender.confirm(waiting.receipt)
    if (waiting.deliverAtUs <= nowUs || waiting.copies === 0) this.#store(waiting, nowUs)
    else {
      this.#heldBack.push(waiting)
      this.#alarm.setAt(this.#nextUs())
    }
  }

  #store(waiting: Waiting, nowUs: number): void {
    const { destination } = waiting
    destination.underway--
    this.#memory.add(-waiting.body.length)
    if (waiting.copies === 0) return
    destination.displacement ??= new Displacement<Displaceable>(this.#model, ({ body, copies }) => {
      for (let copy = 0; copy < copies; copy++) destination.accept(body)
    })
    destination.displacement.offer(waiting, waiting.displaceBy, nowUs)
    if (destination.displacement.size > 0) {
      this.#displacing.add(destination)
      this.#alarm.setAt(this.#nextUs())
    }
  }

  #nextUs(): number {
    let nextUs = Math.min(
      this.#waiting[this.#waitingFrom]?.serveAtUs ?? Infinity,
      this.#heldBack[0]?.deliverAtUs ?? Infinity,
    )
    for (const destination of this.#displacing) {
      nextUs = Math.min(nextUs, destination.displacement?.quietAtUs ?? Infinity)
    }
    return nextUs
  }

  #forgetServed(): void {
    if (this.#waitingFrom < 1024 && this.#waitingFrom < this.#waiting.length) return
    this.#waiting.splice(0, this.#waitingFrom)
    this.#waitingFrom = 0
  }
}

function waitingOf(
  fate: MessageFate,
  destination: Destination,
  body: Uint8Array,
  sender: Sender,
  receipt: Uint8Array | null,
): Waiting {
  const { serveAtUs, deliverAtUs, copies, displaceBy } = fate
  return {
    serveAtUs,
    deliverAtUs,
    copies,
    displaceBy,
    body: fate.corrupt ? corrupted(body) : body,
    destination,
    sender,
    receipt,
  }
}

function corrupted(body: Uint8Array): Uint8Array {
  const changed = body.slice()
  const index = corruptedByte(body.length)
  const octet = changed[index]
  if (octet !== undefined) changed[index] = octet ^ 0xff
  return changed
}
