/** The frames of STOMP 1.2 (https://stomp.github.io/stomp-specification-1.2.html), client's first, then server's. */
export const COMMANDS = [
  'CONNECT',
  'STOMP',
  'SEND',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'ACK',
  'NACK',
  'BEGIN',
  'COMMIT',
  'ABORT',
  'DISCONNECT',
  'CONNECTED',
  'MESSAGE',
  'RECEIPT',
  'ERROR',
] as const

export type Command = (typeof COMMANDS)[number]

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

const COMMAND_BYTES: readonly { readonly command: Command; readonly bytes: Uint8Array }[] = COMMANDS.map((command) => ({
  command,
  bytes: new TextEncoder().encode(command),
}))

/** By first byte, commands in the order in which they are likely. */
const BY_FIRST_BYTE: readonly (readonly { readonly command: Command; readonly bytes: Uint8Array }[])[] = Array.from(
  { length: 128 },
  (_, firstByte) => COMMAND_BYTES.filter(({ bytes }) => bytes[0] === firstByte),
)

/**
 * The command whose line begins at `start`; `incomplete` where what is there (up to `end`) may still become one; null
 * where it cannot. A command counts only when its whole line is there.
 */
export function commandAt(buffer: Uint8Array, start: number, end: number): Command | 'incomplete' | null {
  const candidates = BY_FIRST_BYTE[buffer[start] as number]
  if (candidates === undefined) return null
  let mayBecome = false
  for (const { command, bytes } of candidates) {
    const matched = matchedBytes(buffer, start, end, bytes)
    if (matched < bytes.length) {
      mayBecome ||= start + matched === end
      continue
    }
    const next = start + matched
    if (next === end) mayBecome = true
    else if (buffer[next] === LINE_FEED) return command
    else if (buffer[next] === CARRIAGE_RETURN) {
      if (next + 1 === end) mayBecome = true
      else if (buffer[next + 1] === LINE_FEED) return command
    }
  }
  return mayBecome ? 'incomplete' : null
}

function matchedBytes(buffer: Uint8Array, start: number, end: number, bytes: Uint8Array): number {
  const length = Math.min(bytes.length, end - start)
  let matched = 0
  while (matched < length && buffer[start + matched] === bytes[matched]) matched++
  return matched
}
