/** Header escapes of STOMP 1.2, section "Value Encoding". CONNECT and CONNECTED are not escaped, as the section says. */
export function escapeHeader(text: string): string {
  return text.replace(/[\\\r\n:]/g, (character) => ESCAPES[character] ?? character)
}

/** The inverse; the parser has already refused every other escape, so an unknown one is left as it is. */
export function unescapeHeader(text: string): string {
  return text.replace(/\\[rnc\\]/g, (escaped) => CHARACTERS[escaped] ?? escaped)
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\r': '\\r', '\n': '\\n', ':': '\\c' }
const CHARACTERS: Readonly<Record<string, string>> = { '\\\\': '\\', '\\r': '\r', '\\n': '\n', '\\c': ':' }
