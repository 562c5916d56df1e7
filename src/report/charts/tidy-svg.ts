/** A chart's SVG made fit to stand on a page: small, one image to a screen reader, with ids of its own. Pure. */

/**
 * @param idPrefix put before every id, so that several charts fit on one page.
 * @param description text alternative of the whole chart; its parts get none.
 */
export function tidySvg(svg: string, idPrefix: string, description: string): string {
  const tags = svg.replace(/<[a-z][^>]*>/gi, (tag) => tidyTag(tag, idPrefix))
  return tags.replace(/^<svg /, `<svg role="img" aria-label="${attribute(description)}" `)
}

function tidyTag(tag: string, idPrefix: string): string {
  return tag
    .replace(/ (?:aria-[a-z]+|role|class)="[^"]*"/g, '')
    .replace(/( id="|url\(#|href="#)/g, `$1${idPrefix}-`)
    .replace(/ (?:d|transform)="[^"]*"/g, (numbers) => numbers.replace(/\d+\.\d{2,}/g, tenth))
}

/** A tenth of a pixel is less than a screen or a printer shows. */
function tenth(number: string): string {
  return String(Math.round(Number(number) * 10) / 10)
}

function attribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
