/**
 * What either STOMP client announces unless the target says otherwise: Artemis ends a connection from which nothing came for
 * a minute, and RabbitMQ such a WebSocket, so a consumer without work and the admin of a long run would be cut off. Where
 * there is traffic it is not used.
 */
const HEART_BEAT_MS = 30_000

/** `?heartBeatMs=`: what we promise to send at the least, and want to get, in milliseconds; default 30,000, 0 is none. */
export function heartBeatMsOf(options: Readonly<Record<string, string>>): number {
  const wantedMs = Number(options['heartBeatMs'] ?? HEART_BEAT_MS)
  return Number.isSafeInteger(wantedMs) && wantedMs > 0 ? wantedMs : 0
}
