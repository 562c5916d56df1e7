import type { Throwable } from '../../../protocol/openwire/answer.ts'

/** A command that is not carried out, with the exception that an ActiveMQ would answer. The connection lives on. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly className: string

  /** @param className of Java: `javax.jms.JMSException`. */
  constructor(className: string, message: string) {
    super(message)
    this.className = className
  }

  get throwable(): Throwable {
    return { className: this.className, message: this.message }
  }
}

/** Something that OpenWire has and the embedded broker has not. */
export function unsupported(what: string): Refusal {
  return new Refusal('javax.jms.JMSException', `${what} are not supported here`)
}
