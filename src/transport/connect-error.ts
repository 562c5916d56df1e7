import { DriverError, toDriverError } from '../driver/driver-error.ts'

/** TLS alerts by which a server says that it does not like, or misses, our certificate. */
const CLIENT_CERTIFICATE_ALERT =
  /^ERR_SSL_(SSLV3|TLSV1|TLSV13)_ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED)$/
/** All other alerts: the two sides have no version or cipher in common, or the peer did not understand a word. */
const OTHER_ALERT = /^ERR_SSL_(SSLV3|TLSV1|TLSV13)_ALERT_/
/** OpenSSL met bytes that are not TLS. */
const NOT_TLS =
  /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE|RECORD_LAYER_FAILURE|UNKNOWN_PROTOCOL))$/

/** An error of an established stream as a DriverError, where it is one that only TLS knows; else as it is. */
export function streamError(error: Error, peer: string): Error {
  const code = systemCodeOf(error)
  if (CLIENT_CERTIFICATE_ALERT.test(code)) {
    return new DriverError('authentication', `${peer} refused the client certificate or wants one (${alertOf(code)})`, {
      cause: error,
    })
  }
  if (OTHER_ALERT.test(code)) {
    return new DriverError('wrong-protocol', `${peer} refused the TLS handshake (${alertOf(code)})`, { cause: error })
  }
  return error
}

/** What kept a connection from being opened, as a DriverError with one sentence. */
export function connectError(thrown: unknown, peer: string, isTls: boolean): DriverError {
  if (thrown instanceof DriverError) return thrown
  const error = firstOf(thrown)
  const code = systemCodeOf(error)
  if (isTls && NOT_TLS.test(code)) {
    return new DriverError('wrong-protocol', `${peer}: what listens there does not speak TLS`, { cause: error })
  }
  if (isTls && code === 'ECONNRESET') {
    return new DriverError('wrong-protocol', `${peer} ended the connection during the TLS handshake`, { cause: error })
  }
  return toDriverError(streamError(error, peer), `cannot connect to ${peer}`)
}

/** Node tries all addresses of a name and throws an AggregateError without a text of its own. An answer says more than none. */
function firstOf(thrown: unknown): Error {
  if (thrown instanceof AggregateError) {
    const errors = thrown.errors.filter((each) => each instanceof Error)
    const first = errors.find((each) => systemCodeOf(each) !== 'ETIMEDOUT') ?? errors[0]
    if (first !== undefined) return first
  }
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

function systemCodeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function alertOf(code: string): string {
  return code
    .replace(/^ERR_SSL_\w+?_ALERT_/, 'alert ')
    .toLowerCase()
    .replaceAll('_', ' ')
}
