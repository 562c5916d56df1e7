/**
 * Bodies that say who sent them and in which order, with every further byte determined by that, so that a delivered body
 * can be checked whole without keeping the sent one.
 */

/** Body of one message: producer (4 bytes), sequence (4 bytes), then pseudo-random bytes seeded by both. */
export function bodyOf(producer: number, sequence: number, bytes: number): Uint8Array {
  const body = new Uint8Array(bytes)
  fillBody(body, producer, sequence)
  return body
}

/** Writes the body in place, as the harness does with its one buffer. */
export function fillBody(body: Uint8Array, producer: number, sequence: number): void {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  view.setUint32(0, producer)
  view.setUint32(4, sequence)
  // A linear congruential generator: cheap, and its high bytes take all 256 values, NUL, CR, LF and colon included.
  let state = (producer * 65_537 + sequence * 2_654_435 + 12_345) >>> 0
  for (let index = 8; index < body.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    body[index] = state >>> 24
  }
}

export function producerOf(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(0)
}

export function sequenceOf(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(4)
}

/** Null where the body is byte for byte what its first 8 bytes say, else what differs. */
export function faultOf(body: Uint8Array, expectedBytes: number): string | null {
  if (body.length !== expectedBytes) return `${body.length} bytes delivered instead of ${expectedBytes}`
  const expected = bodyOf(producerOf(body), sequenceOf(body), body.length)
  // A comparison in one go: a callback for each of 16 MB would take longer than the broker.
  if (Buffer.compare(body, expected) === 0) return null
  const at = body.findIndex((byte, index) => byte !== expected[index])
  return `byte ${at} of ${body.length} is ${body[at] ?? 0} instead of ${expected[at] ?? 0}`
}
