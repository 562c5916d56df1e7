/**
 * Figures as text. Grouping is done by hand and not by the locale of the machine, so that a report made anywhere is the
 * same, byte for byte.
 */

/** `16334` as `16,334`; `-1234.5` as `-1,234.5`. Any decimals that the text already has stay as they are. */
function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.')
  const withCommas = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`
}

/** A count: rounded to a whole number, thousands grouped. */
export function countText(count: number): string {
  return grouped(Math.round(count).toFixed(0))
}

/** `1 cell`, `20 cells`. */
export function countOf(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** Three significant digits at least, never fewer whole digits: `0.412`, `12.3`, `1,234`. Any unit. */
export function figureText(figure: number): string {
  const size = Math.abs(figure)
  if (figure === 0) return '0'
  if (size >= 99.95) return countText(figure)
  if (size >= 9.995) return figure.toFixed(1)
  if (size >= 0.9995) return figure.toFixed(2)
  return size >= 0.0005 ? figure.toFixed(3) : '<0.001'
}

/** A quantity as it was set: whole where it is whole, else three digits. Limits, seconds. */
export function quantityText(quantity: number): string {
  return Number.isInteger(quantity) ? countText(quantity) : figureText(quantity)
}

/** To the hundredth where there is one: a rate that was set, which is not to be rounded to fit a column. */
export function exactText(quantity: number): string {
  return grouped(String(Math.round(quantity * 100) / 100))
}

/** Measured over published: two decimals below 10. */
export function ratioText(ratio: number): string {
  return `${ratio < 9.995 ? ratio.toFixed(2) : figureText(ratio)}x`
}

/** Messages per second: whole from 100 up, one decimal below where there is a fraction. */
export function rateText(perSecond: number): string {
  return perSecond >= 100 || Number.isInteger(perSecond) ? countText(perSecond) : perSecond.toFixed(1)
}

/** A percentage: whole from 10 up, one decimal below where there is a fraction. */
export function percentText(percent: number): string {
  return percent >= 10 || Number.isInteger(percent) ? countText(percent) : percent.toFixed(1)
}

/** Microseconds as milliseconds. */
export function millisecondsText(microseconds: number): string {
  return figureText(microseconds / 1000)
}

/** A message size: `1 KB` is 1,024 bytes; sizes that are no round number of KB stay in bytes. */
export function sizeText(bytes: number): string {
  const megabytes = bytes / 1_048_576
  if (bytes >= 1_048_576 && Number.isInteger(megabytes * 10)) return `${String(megabytes)} MB`
  const kilobytes = bytes / 1024
  if (bytes >= 1024 && Number.isInteger(kilobytes * 10)) return `${grouped(String(kilobytes))} KB`
  return `${countText(bytes)} B`
}

/** Bytes of memory in MB of 10^6 bytes. */
export function megabytesText(bytes: number): string {
  return `${figureText(bytes / 1_000_000)} MB`
}
