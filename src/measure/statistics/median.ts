/** The median of `values` (the mean of the middle two where their number is even); null of none. */
export function medianOf(values: readonly number[] | Float64Array): number | null {
  const sorted = Float64Array.from(values).sort()
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2
}
