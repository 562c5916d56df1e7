/** What is counted over one session: its windows, the flows that renew them, and the ids of our transfers. */
import { encodeSessionFlow, FLOW_BYTES, writeFlow } from '../../protocol/amqp10/flow.ts'
import { AMQP_FRAME } from '../../protocol/amqp10/frame.ts'
import { encodeFrame } from '../../protocol/amqp10/performative.ts'
import { SessionWindows } from '../../protocol/amqp10/session-windows.ts'
import type { Connection } from '../../transport/connection.ts'

export class SessionFlow {
  readonly windows = new SessionWindows()
  #nextDeliveryId = 0

  /** The id of the next transfer, counted over all links of the session. */
  takeDeliveryId(): number {
    const id = this.#nextDeliveryId
    this.#nextDeliveryId = (id + 1) >>> 0
    return id
  }

  /** Says how many messages may come (or have gone), and renews the windows. */
  send(transport: Connection, deliveryCount: number, linkCredit: number, isDrain: boolean): void {
    const at = transport.reserve(FLOW_BYTES)
    const end = writeFlow(transport.output, at, this.windows, deliveryCount, linkCredit, isDrain)
    this.windows.renewed()
    transport.commit(end)
  }

  /** Opens the window for as many transfers as at first. */
  renew(transport: Connection): void {
    transport.write(encodeFrame(AMQP_FRAME, encodeSessionFlow(this.windows)))
    this.windows.renewed()
  }
}
