/** Lines of terminal text: cleaned of control characters, wrapped, coloured. Pure. */

export type Ink = 'bold' | 'dim' | 'red' | 'green' | 'yellow'

const codes: Readonly<Record<Ink, string>> = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33' }

/** Text in a colour, where colours were asked for. */
export function paint(text: string, ink: Ink, colour: boolean): string {
  return colour && text !== '' ? `\u001b[${codes[ink]}m${text}\u001b[0m` : text
}

/**
 * Text that cannot steer a terminal: a broker or a file name may hold escape sequences or bidirectional overrides. Each
 * control character becomes U+FFFD; line breaks and tabs become spaces.
 */
export function plainText(text: string): string {
  return text.replace(/[\t\n\r]+/g, ' ').replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu, '\ufffd')
}

/** Words in lines of at most `width`; lines after the first begin with `indent`. A longer word gets a line of its own. */
export function wrapText(text: string, width: number, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of plainText(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = `${indent}${word}`
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
