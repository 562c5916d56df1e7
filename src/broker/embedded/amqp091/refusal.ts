/** Why a channel or a connection is closed: reply codes of the specification, section 1.2. */
export interface Refusal {
  readonly code: number
  readonly text: string
}

export const NOT_FOUND = 404
export const ACCESS_REFUSED = 403
export const PRECONDITION_FAILED = 406
export const FRAME_ERROR = 501
export const COMMAND_INVALID = 503
export const CHANNEL_ERROR = 504
export const UNEXPECTED_FRAME = 505
export const RESOURCE_ERROR = 506
export const NOT_ALLOWED = 530
export const NOT_IMPLEMENTED = 540

const TEXT_CHARACTERS_MAX = 80

/** @param text is cut: a reply text has at most 255 bytes. */
export function refusal(code: number, text: string): Refusal {
  return { code, text: text.slice(0, TEXT_CHARACTERS_MAX) }
}
