import type { PayloadContent } from '../workload/workload.ts'

/** Seed of random content: fixed, so that both ends and every run have the same bytes. */
const CONTENT_SEED = 0x5eed_b0d1

/**
 * The bytes of a message of `bytes` bytes behind its header (which is overwritten per message). Both ends make it for
 * themselves, so that a receiver can check a body against it by sample.
 * @param file the content of `{ kind: 'file' }`, repeated to fill; null for the other kinds.
 */
export function payloadBody(content: PayloadContent, bytes: number, file: Uint8Array | null): Uint8Array {
  const body = new Uint8Array(bytes)
  switch (content.kind) {
    case 'zeros':
      return body
    case 'random':
      fillRandom(body, (word) => word)
      return body
    case 'text':
      fillRandom(body, letterOf)
      return body
    case 'file':
      if (file === null || file.length === 0) throw new RangeError('a payload file has no bytes')
      for (let index = 0; index < bytes; index++) body[index] = file[index % file.length] ?? 0
      return body
  }
}

/** xorshift32 (Marsaglia 2003): not for secrets, only incompressible. */
function fillRandom(body: Uint8Array, byteOf: (word: number) => number): void {
  let state = CONTENT_SEED
  for (let index = 0; index < body.length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    body[index] = byteOf(state >>> 24)
  }
}

/** Lower-case words with spaces: printable and about as compressible as prose. */
function letterOf(word: number): number {
  return word % 6 === 0 ? 0x20 : 0x61 + (word % 26)
}
