/**
 * What can go wrong between a driver and a broker, as a closed list: the command line makes its sentence and exit code
 * from `code`, results count failures by it.
 */
export type DriverErrorCode =
  | 'refused' // nothing listens on the port
  | 'unreachable' // no such host, no route
  | 'timeout' // no answer within the time-out
  | 'authentication' // wrong user, password or client certificate
  | 'untrusted-certificate' // the server's certificate does not verify
  | 'wrong-protocol' // something answers, but it does not speak this protocol (or this version of it)
  | 'closed' // the connection ended in the middle of work
  | 'protocol-error' // the peer broke the protocol, or said that we did
  | 'not-permitted' // the broker knows us and says no (authorisation, precondition failed, resource locked)
  | 'unsupported' // this driver cannot do what was asked
  | 'resource-limit' // file descriptors, connection limits

/** An error at the seam. `message` is one sentence without credentials: what was attempted, on what, what came back. */
export class DriverError extends Error {
  override readonly name = 'DriverError'
  readonly code: DriverErrorCode

  constructor(code: DriverErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Turns what node:net, node:tls or a name look-up threw into a DriverError; one that is one already passes through. */
export function toDriverError(thrown: unknown, attempted: string): DriverError {
  if (thrown instanceof DriverError) return thrown
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const systemCode = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return new DriverError(codeOf(systemCode), `${attempted}: ${firstSentence(error)}`, { cause: error })
}

function codeOf(systemCode: string): DriverErrorCode {
  switch (systemCode) {
    case 'ECONNREFUSED':
      return 'refused'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return 'unreachable'
    case 'ETIMEDOUT':
    case 'ERR_SOCKET_CONNECTION_TIMEOUT':
      return 'timeout'
    case 'EMFILE':
    case 'ENFILE':
      return 'resource-limit'
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
    case 'CERT_UNTRUSTED':
    case 'CERT_SIGNATURE_FAILURE':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'untrusted-certificate'
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'EPROTO':
    case 'HPE_INVALID_CONSTANT':
      return 'wrong-protocol'
    default:
      return systemCode.startsWith('ERR_SSL_TLSV1_ALERT') || systemCode.startsWith('ERR_SSL_TLSV13_ALERT')
        ? 'authentication'
        : 'closed'
  }
}

function firstSentence(error: Error): string {
  return error.message.split('\n', 1)[0] ?? error.message
}
