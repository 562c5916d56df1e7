/**
 * The payload header, written and read by the harness alone, the same way over every protocol (design.md section 10).
 * Little-endian. Bodies of 32 bytes and more carry the long form:
 *
 *   0 magic u16 | 2 run u32 | 6 producer u16 | 8 sequence f64 | 16 intended time f64, us since the run's epoch
 *   24 send lag u32, us, so that send time = intended + lag | 28 CRC-32 u32 over bytes 0..27 and the body's length
 *
 * Bodies of 12 to 31 bytes carry the short form: a ledger, but no time and no CRC.
 *
 *   0 run tag u16 | 2 producer u16 | 4 sequence f64
 */
export const LONG_HEADER_BYTES = 32
export const SHORT_HEADER_BYTES = 12

const MAGIC = 0xb32c
const CRC_AT = 28
const PRODUCERS_MAX = 65_536

/** What `read` found. `foreign`: not of this cell. `corrupt`: ours by its magic, but the CRC does not hold. */
export type HeaderFinding = 'ours' | 'foreign' | 'corrupt'

/** Most producers that a header can number. */
export const HEADER_PRODUCERS_MAX = PRODUCERS_MAX

/**
 * Writes and reads headers of one cell. Holds the fields of the last read instead of returning an object, so that
 * nothing is allocated per message.
 */
export class PayloadHeader {
  readonly #run: number
  readonly #long: boolean
  readonly #scratch = new Uint8Array(LONG_HEADER_BYTES)
  readonly #u16 = new Uint16Array(this.#scratch.buffer)
  readonly #u32 = new Uint32Array(this.#scratch.buffer)
  readonly #f64 = new Float64Array(this.#scratch.buffer)
  readonly #view = new DataView(this.#scratch.buffer)
  /** Of the last header that was read as `ours`. */
  producer = 0
  sequence = 0
  /** Microseconds since the run's epoch; NaN in the short form. */
  intendedUs = Number.NaN
  sendLagUs = 0

  /**
   * @param run 32 random bits of this cell: a leftover of any other cell or run is `foreign`.
   * @param messageBytes size of every body of the cell, 12 or more; decides the form.
   */
  constructor(run: number, messageBytes: number) {
    if (messageBytes < SHORT_HEADER_BYTES)
      throw new RangeError(`a message of ${messageBytes} bytes has no room for a header`)
    this.#run = run >>> 0
    this.#long = messageBytes >= LONG_HEADER_BYTES
  }

  /** False: bodies are too small for a time, so there is no end-to-end latency. */
  get hasTime(): boolean {
    return this.#long
  }

  /** @param sendLagUs send time minus intended time, held at 0..2^32-1. */
  write(body: Uint8Array, producer: number, sequence: number, intendedUs: number, sendLagUs: number): void {
    const scratch = this.#scratch
    if (!this.#long) {
      this.#u16[0] = this.#run & 0xffff
      this.#u16[1] = producer
      this.#view.setFloat64(4, sequence, true)
      for (let index = 0; index < SHORT_HEADER_BYTES; index++) body[index] = scratch[index] ?? 0
      return
    }
    this.#u16[0] = MAGIC
    this.#view.setUint32(2, this.#run, true)
    this.#u16[3] = producer
    this.#f64[1] = sequence
    this.#f64[2] = intendedUs
    this.#u32[6] = sendLagUs < 0 ? 0 : sendLagUs > 0xffffffff ? 0xffffffff : sendLagUs
    let crc = 0xffffffff
    for (let index = 0; index < CRC_AT; index++) {
      const byte = scratch[index] ?? 0
      body[index] = byte
      crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
    }
    crc = crcOfLength(crc, body.length)
    body[CRC_AT] = crc
    body[CRC_AT + 1] = crc >>> 8
    body[CRC_AT + 2] = crc >>> 16
    body[CRC_AT + 3] = crc >>> 24
  }

  /** Reads into the fields; they are meaningless unless the answer is `ours`. */
  read(body: Uint8Array): HeaderFinding {
    return this.#long ? this.#readLong(body) : this.#readShort(body)
  }

  #readLong(body: Uint8Array): HeaderFinding {
    if (body.length < LONG_HEADER_BYTES) return 'foreign'
    const scratch = this.#scratch
    let crc = 0xffffffff
    for (let index = 0; index < CRC_AT; index++) {
      const byte = body[index] ?? 0
      scratch[index] = byte
      crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
    }
    crc = crcOfLength(crc, body.length)
    if (this.#u16[0] !== MAGIC) return 'foreign'
    const stored =
      (body[CRC_AT] ?? 0) |
      ((body[CRC_AT + 1] ?? 0) << 8) |
      ((body[CRC_AT + 2] ?? 0) << 16) |
      ((body[CRC_AT + 3] ?? 0) << 24)
    if (stored !== (crc | 0)) return 'corrupt'
    if (this.#view.getUint32(2, true) !== this.#run) return 'foreign'
    this.producer = this.#u16[3] ?? 0
    this.sequence = this.#f64[1] ?? 0
    this.intendedUs = this.#f64[2] ?? 0
    this.sendLagUs = this.#u32[6] ?? 0
    return 'ours'
  }

  #readShort(body: Uint8Array): HeaderFinding {
    if (body.length < SHORT_HEADER_BYTES || body.length >= LONG_HEADER_BYTES) return 'foreign'
    for (let index = 0; index < SHORT_HEADER_BYTES; index++) this.#scratch[index] = body[index] ?? 0
    if (this.#u16[0] !== (this.#run & 0xffff)) return 'foreign'
    this.producer = this.#u16[1] ?? 0
    this.sequence = this.#view.getFloat64(4, true)
    return Number.isSafeInteger(this.sequence) && this.sequence >= 0 ? 'ours' : 'corrupt'
  }
}

/** CRC-32 (IEEE 802.3, reflected, polynomial 0xEDB88320). */
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

/** The body's length goes into the CRC last, so that a body cut short or grown is noticed without reading it. */
function crcOfLength(crc: number, length: number): number {
  for (let shift = 0; shift < 32; shift += 8) {
    crc = (CRC_TABLE[(crc ^ (length >>> shift)) & 0xff] ?? 0) ^ (crc >>> 8)
  }
  return ~crc
}
