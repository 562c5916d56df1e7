/** A reference by its name, as `report --against` takes it. Pure: the caller lists the folder. */

export type ReferenceFinding =
  | { readonly kind: 'found'; readonly folder: string }
  /** `names` are those that exist, `nearest` the one most like what was asked for. */
  | { readonly kind: 'unknown'; readonly names: readonly string[]; readonly nearest: string | null }

/**
 * Exact name first, then without regard to case and the leading `mq.` (`m5.2xlarge`).
 *
 * @param folders names of the folders under `results/reference`.
 */
export function findReference(name: string, folders: readonly string[]): ReferenceFinding {
  const names = [...folders].sort()
  const exact = names.find((folder) => folder === name)
  const loose = exact ?? names.find((folder) => bare(folder) === bare(name))
  if (loose !== undefined) return { kind: 'found', folder: loose }
  const [nearest] = names
    .map((folder) => ({ folder, distance: distance(bare(folder), bare(name)) }))
    .filter((one) => one.distance <= 4)
    .sort((a, b) => a.distance - b.distance)
  return { kind: 'unknown', names, nearest: nearest?.folder ?? null }
}

function bare(name: string): string {
  return name.toLowerCase().replace(/^mq\./, '')
}

/** Edits between two words (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row[b.length] ?? 0
}
