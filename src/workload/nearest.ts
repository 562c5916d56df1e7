/** Finding the name that the user meant: one rule for keys, flags, schemes and options. */

/**
 * The name closest to `word` in edits (insert, delete, replace, swap of neighbours), ignoring case.
 * @returns null where nothing is near: more than a third of the word, and more than two letters, would have to change.
 */
export function nearestName(word: string, names: readonly string[]): string | null {
  const limit = Math.max(2, Math.floor(word.length / 3))
  let nearest: string | null = null
  let nearestEdits = limit + 1
  for (const name of names) {
    const edits = editDistance(word.toLowerCase(), name.toLowerCase())
    // A two-letter flag is two edits away from every other: that is no hint.
    if (edits < nearestEdits && edits < Math.max(word.length, name.length)) {
      nearest = name
      nearestEdits = edits
    }
  }
  return nearest
}

/** `did you mean inFlight?`, or the whole list where nothing is near: the second half of every "unknown ..." sentence. */
export function suggestion(word: string, names: readonly string[]): string {
  const nearest = nearestName(word, names)
  return nearest === null ? `expected one of ${names.join(', ')}` : `did you mean ${nearest}?`
}

/** Optimal string alignment distance: single-letter edits, a swap of two neighbours counting as one. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replace = at(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1)
      const edits = Math.min(replace, at(last, column) + 1, at(current, column - 1) + 1)
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current.push(swapped ? Math.min(edits, at(beforeLast, column - 2) + 1) : edits)
    }
    beforeLast = last
    last = current
  }
  return at(last, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
