/** Transfer frames that the peer may send before we say that it may send more. */
export const INCOMING_WINDOW = 65_536
/** Transfer frames that we may send: only the peer's window limits them. */
export const OUTGOING_WINDOW = 0x7fffffff

/**
 * The windows of one session (2.5.6), counted in transfer frames in both directions. Transfer ids are serial numbers of 32
 * bits, so differences are what counts.
 */
export class SessionWindows {
  nextIncomingId = 0
  nextOutgoingId = 0
  /** Frames that we may send. */
  outgoing = 0
  #incoming = INCOMING_WINDOW

  /** The peer's begin. */
  begun(nextOutgoingId: number, incomingWindow: number): void {
    this.nextIncomingId = nextOutgoingId
    this.nextOutgoingId = 0
    this.outgoing = incomingWindow
    this.#incoming = INCOMING_WINDOW
  }

  /** The peer's flow. @param nextIncomingId the transfer that it waits for; negative where it knows of none yet. */
  flowed(nextIncomingId: number, incomingWindow: number): void {
    const notSeen = (this.nextOutgoingId - Math.max(0, nextIncomingId)) >>> 0
    this.outgoing = incomingWindow - notSeen
  }

  sent(): void {
    this.nextOutgoingId = (this.nextOutgoingId + 1) >>> 0
    this.outgoing--
  }

  /** A transfer frame came. True: half of the window is used up, and a flow is due. */
  received(): boolean {
    this.nextIncomingId = (this.nextIncomingId + 1) >>> 0
    return --this.#incoming <= INCOMING_WINDOW / 2
  }

  /** We have sent a flow: the window is whole again. */
  renewed(): void {
    this.#incoming = INCOMING_WINDOW
  }
}
