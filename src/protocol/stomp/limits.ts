/** What a parser accepts at most. Checked before anything is allocated for the frame. */
export interface StompLimits {
  /** Bytes of the command and all header lines of one frame. */
  readonly headerBytesMax: number
  readonly headerCountMax: number
  readonly bodyBytesMax: number
}

/** Far beyond what brokers send, far below what hurts: 64 KiB of headers, 256 headers, 64 MiB of body. */
export const DEFAULT_LIMITS: StompLimits = {
  headerBytesMax: 64 * 1024,
  headerCountMax: 256,
  bodyBytesMax: 64 * 1024 * 1024,
}
