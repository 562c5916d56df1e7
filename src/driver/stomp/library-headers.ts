import { StompHeaders as LibraryHeaders } from '@stomp/stompjs'
import type { StompHeaders } from './broker-dialect.ts'

/** Headers as the class that @stomp/stompjs declares for them, with `over` added. */
export function libraryHeaders(headers: StompHeaders, over: StompHeaders = {}): LibraryHeaders {
  return Object.assign(new LibraryHeaders(), headers, over)
}
