/** What a client did that ends its connection, in the words of the close frame. */
export class Amqp10Refusal extends Error {
  override readonly name = 'Amqp10Refusal'
  /** A symbol of the specification: `amqp:resource-limit-exceeded`. */
  readonly condition: string

  constructor(condition: string, description: string) {
    super(description)
    this.condition = condition
  }
}
