/** Largest frame read, announced as MaxFrameSize: 100 MiB, as ActiveMQ's own configuration has it. */
export const FRAME_BYTES_MAX = 100 * 1024 * 1024

/** Largest frame read before the peer has said in its WireFormatInfo that it speaks OpenWire. */
export const FIRST_FRAME_BYTES_MAX = 64 * 1024

/** Longest nested MessageId read: those of brokers have about 100 bytes. */
export const MESSAGE_ID_BYTES_MAX = 1024

/** What a message counts for in its producer's window, beside its content and its properties (ActiveMQ `Message`). */
export const MESSAGE_SIZE_BYTES = 1024

/** The size in front of a frame, which no limit of frames counts. */
export const FRAME_SIZE_BYTES = 4
