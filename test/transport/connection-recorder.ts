import type { DriverError } from '../../src/driver/driver-error.ts'
import type { ConnectionEvents } from '../../src/transport/connection.ts'

/** What a connection told its owner. */
export class ConnectionRecorder implements ConnectionEvents {
  readonly received: Buffer[] = []
  receivedBytes = 0
  blocked = 0
  drained = 0
  readonly closedBy: DriverError[] = []
  /** Called after each chunk was written down. */
  onEachChunk: () => void = () => undefined

  onData(buffer: Uint8Array, start: number, end: number): void {
    this.received.push(Buffer.from(buffer.subarray(start, end)))
    this.receivedBytes += end - start
    this.onEachChunk()
  }

  onBlocked(): void {
    this.blocked++
  }

  onDrain(): void {
    this.drained++
  }

  onClose(cause: DriverError): void {
    this.closedBy.push(cause)
  }

  bytes(): Buffer {
    return Buffer.concat(this.received)
  }
}
