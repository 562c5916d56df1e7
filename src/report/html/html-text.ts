/** Text and data inside HTML. Every text of a result passes through here. Pure. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for element content and quoted attributes; control characters and bidirectional overrides become U+FFFD. */
export function htmlText(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]|[\u2028-\u202e\u2066-\u2069]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** JSON for a `<script type="application/json">` block: no text in it can end the block or open a comment. */
export function htmlJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** A list of sentences; empty for none. */
export function htmlList(sentences: readonly string[]): string {
  if (sentences.length === 0) return ''
  return `<ul>\n${sentences.map((sentence) => `<li>${htmlText(sentence)}</li>`).join('\n')}\n</ul>`
}

/** Names with their texts. */
export function htmlFacts(facts: readonly { readonly label: string; readonly text: string }[]): string {
  const rows = facts.map((fact) => `<dt>${htmlText(fact.label)}</dt><dd>${htmlText(fact.text)}</dd>`)
  return `<dl>\n${rows.join('\n')}\n</dl>`
}
