import { DESCRIPTOR } from '../../protocol/amqp10/descriptor.ts'
import { encodeBinary } from '../../protocol/amqp10/encode-value.ts'
import { SASL_FRAME } from '../../protocol/amqp10/frame.ts'
import { encodeFrame, encodeSaslInit, encodeSaslResponse } from '../../protocol/amqp10/performative.ts'
import { textOf } from '../../protocol/amqp10/value.ts'
import type { AmqpValue } from '../../protocol/amqp10/value.ts'
import { DriverError } from '../driver-error.ts'
import type { Endpoint } from '../endpoint.ts'
import { amqpError } from './amqp-error.ts'
import { NO_MECHANISM, saslLogins } from './sasl.ts'
import type { SaslMechanism } from './sasl.ts'

const OUTCOME_OK = 0
const OUTCOME_AUTHENTICATION = 1

/** Logs in (5.3): takes the first of our ways that the broker has. */
export class WireSasl {
  readonly #endpoint: Endpoint
  readonly #attempted: string
  #mechanism: SaslMechanism | null = null
  #isByCertificate = false

  /** @param attempted what was going on, without credentials. */
  constructor(endpoint: Endpoint, attempted: string) {
    this.#endpoint = endpoint
    this.#attempted = attempted
  }

  /**
   * What a frame of the SASL layer is answered with; `done` when we are in.
   * @throws DriverError authentication, wrong-protocol
   */
  answer(descriptor: number, fields: readonly AmqpValue[]): Uint8Array | 'done' {
    switch (descriptor) {
      case DESCRIPTOR.saslMechanisms:
        return this.#choose(fields[0])
      case DESCRIPTOR.saslChallenge:
        return encodeFrame(SASL_FRAME, encodeSaslResponse(encodeBinary(this.#respond())))
      case DESCRIPTOR.saslOutcome:
        return this.#outcome(fields[0])
      default:
        throw new DriverError('wrong-protocol', `${this.#attempted}: no frame of SASL (descriptor ${descriptor})`)
    }
  }

  /** One symbol, or an array of them. */
  #choose(offered: AmqpValue | undefined): Uint8Array {
    const names = (Array.isArray(offered) ? (offered as readonly AmqpValue[]) : [offered]).map(textOf)
    for (const login of saslLogins(this.#endpoint)) {
      for (const [name, make] of Object.entries(login)) {
        if (!names.includes(name)) continue
        const mechanism = make()
        this.#mechanism = mechanism
        this.#isByCertificate = name === 'EXTERNAL'
        let response: Uint8Array = new Uint8Array(0)
        mechanism.start((_, first) => (response = first))
        return encodeFrame(SASL_FRAME, encodeSaslInit(name, encodeBinary(response), this.#endpoint.host))
      }
    }
    const description = `${NO_MECHANISM}; the broker has ${names.filter((name) => name !== null).join(', ')}`
    throw amqpError({ description }, this.#attempted, 'connecting')
  }

  #respond(): Uint8Array {
    let response: Uint8Array = new Uint8Array(0)
    this.#mechanism?.step(null, (_, next) => (response = next))
    return response
  }

  #outcome(code: AmqpValue | undefined): 'done' {
    if (code === OUTCOME_OK) return 'done'
    if (code === OUTCOME_AUTHENTICATION) {
      if (!this.#isByCertificate) {
        throw amqpError({ condition: 'amqp:unauthorized-access' }, this.#attempted, 'connecting')
      }
      throw new DriverError('authentication', `${this.#attempted}: the broker knows no user by the client certificate`)
    }
    throw new DriverError(
      'closed',
      `${this.#attempted}: the broker cannot log anybody in (SASL outcome ${typeof code === 'number' ? code : 'unknown'})`,
    )
  }
}
