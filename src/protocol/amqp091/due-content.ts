import { SplitBytes } from './split-bytes.ts'

/** Parts of a content that may be due next. */
export const NO_CONTENT_DUE = 0
export const HEADER_IS_DUE = 1
export const BODY_IS_DUE = 2

/** What must follow a method that carries content, on its channel: a header, and a body of so many bytes. */
export class DueContent {
  readonly channel: number
  part = NO_CONTENT_DUE
  /** As the header says. */
  bodyBytes = 0
  /** What has come of a body in several pieces. */
  readonly body = new SplitBytes()

  constructor(channel: number) {
    this.channel = channel
  }

  /** For the sentence of an error. */
  get expected(): string {
    if (this.part === NO_CONTENT_DUE) return 'a method, as no content is due'
    return `${this.part === HEADER_IS_DUE ? 'a content header' : 'a content body'} on channel ${this.channel}`
  }
}
