/**
 * The text of a target whose producers and consumers reach the broker in different ways: `PRODUCERS -> CONSUMERS`, two
 * URLs. One text, so that it is kept, compared and named again like any other target.
 */

const ARROW = ' -> '

/** A URL has no blanks; an arrow in a password is followed by something else than the beginning of another target. */
const SEPARATOR = /\s+->\s+(?=(?:[a-z][a-z0-9+.-]*:\/\/|(?:failover|embedded|loopback)(?::|$)))/i

/** The ends that a target names: its one URL, or that of the producers and that of the consumers. */
export function endsOf(target: string): readonly [string, ...string[]] {
  const [producers = '', ...consumers] = target.split(SEPARATOR)
  return [producers, ...consumers]
}

/** The text that `endsOf` takes apart. */
export function targetOfEnds(producers: string, consumers: string): string {
  return `${producers.trim()}${ARROW}${consumers.trim()}`
}
