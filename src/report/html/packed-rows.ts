/**
 * Data rows of a chart in a third of the space: names once, texts by number, one array per row. `unpackScript` in the page
 * makes the rows again. Pure.
 */
import type { ChartSpec } from '../charts/chart.ts'

export interface PackedRows {
  readonly names: readonly string[]
  /** Every text that occurs in a row, once. */
  readonly texts: readonly string[]
  /** One value per name: a number, a boolean, null for absent, or `[n]` for the text with the number n. */
  readonly rows: readonly (readonly unknown[])[]
}

/** Packs rows; their values are numbers, booleans and texts. */
export function packRows(rows: readonly ChartSpec[]): PackedRows {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const places = new Map<string, number>()
  const placeOf = (text: string): number => {
    const place = places.get(text) ?? places.size
    places.set(text, place)
    return place
  }
  const packed = rows.map((row) =>
    names.map((name) => {
      const value = row[name]
      return typeof value === 'string' ? [placeOf(value)] : (value ?? null)
    }),
  )
  return { names, texts: [...places.keys()], rows: packed }
}

/** The function `unpackRows(packed)` for the page. */
export const unpackScript = `
  function unpackRows(packed) {
    return packed.rows.map(function (values) {
      var row = {};
      values.forEach(function (value, place) {
        if (value !== null) row[packed.names[place]] = Array.isArray(value) ? packed.texts[value[0]] : value;
      });
      return row;
    });
  }
`.trim()
