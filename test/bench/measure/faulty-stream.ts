/** A stream of sequence numbers with everything that a broker may do to it. Pure. */

const LOST_EVERY = 1_000
const TWICE_EVERY = 500
const LATE_EVERY = 997
/** So many others overtake a late one. */
const LATE_BY = 50

/** The first `length` sequence numbers in the order of their delivery. */
export function faultyStream(length: number): Float64Array {
  const stream = new Float64Array(length)
  const late: { readonly sequence: number; readonly from: number }[] = []
  let filled = 0
  const deliver = (sequence: number): void => {
    if (filled < length) stream[filled++] = sequence
  }
  for (let sequence = 1; filled < length; sequence++) {
    const first = late[0]
    if (first !== undefined && sequence > first.from) {
      deliver(first.sequence)
      late.shift()
    }
    if (sequence % LOST_EVERY === 0) continue
    if (sequence % LATE_EVERY === 0) {
      late.push({ sequence, from: sequence + LATE_BY })
      continue
    }
    deliver(sequence)
    if (sequence % TWICE_EVERY === 1) deliver(sequence)
  }
  return stream
}
