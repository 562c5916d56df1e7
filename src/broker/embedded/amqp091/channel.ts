import { bareOk, consumerOk, messagesGone, queueDeclareOk } from '../../../protocol/amqp091/broker-frames.ts'
import {
  readCancel,
  readConsume,
  readExchangeDeclare,
  readPrefetch,
  readQueueBind,
  readQueueDeclare,
  readQueueDelete,
  readQueuePurge,
  readQueueUnbind,
} from '../../../protocol/amqp091/client-arguments.ts'
import type { FieldReader } from '../../../protocol/amqp091/field-reader.ts'
import { METHOD, methodName } from '../../../protocol/amqp091/method.ts'
import type { ChannelHost } from './channel-host.ts'
import { Consuming } from './consuming.ts'
import { Publishing } from './publishing.ts'
import { Transaction } from './transaction.ts'
import { COMMAND_INVALID, NOT_ALLOWED, NOT_FOUND, NOT_IMPLEMENTED, PRECONDITION_FAILED, refusal } from './refusal.ts'

const MULTIPLE = 1
const REQUEUE_OF_NACK = 2

/** One open channel: what its methods mean. */
export class Channel {
  readonly publishing: Publishing
  readonly consuming: Consuming
  readonly #host: ChannelHost
  readonly #number: number
  readonly #session: object
  /** Of the last queue.declare: what an empty name means. */
  #lastQueue = ''
  #transaction: Transaction | null = null

  /** @param session whose end is that of exclusive queues. */
  constructor(number: number, host: ChannelHost, session: object) {
    this.#number = number
    this.#host = host
    this.#session = session
    this.publishing = new Publishing(host, number)
    this.consuming = new Consuming(host, number)
  }

  end(): void {
    this.#transaction?.rollback()
    this.consuming.end()
    this.publishing.end()
  }

  /** Any method but those that open and close the channel. */
  onMethod(method: number, fields: FieldReader): void {
    switch (method) {
      case METHOD.basicPublish:
        this.publishing.onPublish(fields)
        return
      case METHOD.basicAck: {
        const tag = fields.longLong()
        const isMultiple = (fields.octet() & MULTIPLE) !== 0
        if (this.#transaction !== null) this.#transaction.defer(() => this.consuming.acknowledge(tag, isMultiple))
        else if (!this.consuming.acknowledge(tag, isMultiple)) this.#refuseTag(method, tag)
        return
      }
      case METHOD.basicNack:
      case METHOD.basicReject: {
        const tag = fields.longLong()
        const bits = fields.octet()
        const isNack = method === METHOD.basicNack
        this.#reject(
          method,
          tag,
          isNack && (bits & MULTIPLE) !== 0,
          isNack ? (bits & REQUEUE_OF_NACK) !== 0 : bits !== 0,
        )
        return
      }
      default:
        this.#onSetup(method, fields)
    }
  }

  #onSetup(method: number, fields: FieldReader): void {
    switch (method) {
      case METHOD.confirmSelect:
      case METHOD.txSelect:
        this.#onSelect(method, fields)
        return
      case METHOD.txCommit:
      case METHOD.txRollback:
        this.#onTransactionEnd(method)
        return
      case METHOD.basicQos:
        this.consuming.limit(readPrefetch(fields))
        this.#ok(METHOD.basicQosOk)
        return
      case METHOD.basicConsume:
        this.#onConsume(fields)
        return
      case METHOD.basicCancel: {
        const { consumerTag, noWait } = readCancel(fields)
        this.consuming.cancel(consumerTag)
        if (!noWait) this.#host.connection.write(consumerOk(this.#number, METHOD.basicCancelOk, consumerTag))
        return
      }
      case METHOD.queueDeclare:
        this.#onQueueDeclare(fields)
        return
      case METHOD.queueBind:
      case METHOD.queueUnbind:
        this.#onBinding(method, fields)
        return
      case METHOD.queuePurge: {
        const { queue, noWait } = readQueuePurge(fields)
        const messages = this.#host.topology.purge(this.#named(queue))
        if (!noWait) this.#host.connection.write(messagesGone(this.#number, METHOD.queuePurgeOk, messages))
        return
      }
      case METHOD.queueDelete: {
        const { queue, noWait } = readQueueDelete(fields)
        const messages = this.#host.topology.deleteQueue(this.#named(queue))
        if (!noWait) this.#host.connection.write(messagesGone(this.#number, METHOD.queueDeleteOk, messages))
        return
      }
      case METHOD.exchangeDeclare:
        this.#onExchangeDeclare(fields)
        return
      default:
        this.#host.refuse(refusal(NOT_IMPLEMENTED, `NOT_IMPLEMENTED - ${methodName(method)}`), method)
    }
  }

  #reject(method: number, tag: number, isMultiple: boolean, requeue: boolean): void {
    if (this.#transaction !== null) this.#transaction.defer(() => this.consuming.reject(tag, isMultiple, requeue))
    else if (!this.consuming.reject(tag, isMultiple, requeue)) this.#refuseTag(method, tag)
  }

  /** A channel confirms or has transactions, never both. */
  #onSelect(method: number, fields: FieldReader): void {
    const isTx = method === METHOD.txSelect
    if (isTx ? this.publishing.confirms : this.#transaction !== null) {
      const why = refusal(PRECONDITION_FAILED, 'PRECONDITION_FAILED - confirms and transactions exclude each other')
      this.#host.closeChannel(this.#number, why, method)
    } else if (isTx) {
      this.#transaction ??= new Transaction(this.#host.broker)
      this.publishing.transaction = this.#transaction
      this.#ok(METHOD.txSelectOk)
    } else {
      this.publishing.confirmSelect()
      if (fields.octet() === 0) this.#ok(METHOD.confirmSelectOk)
    }
  }

  #onTransactionEnd(method: number): void {
    if (this.#transaction === null) {
      const why = refusal(PRECONDITION_FAILED, 'PRECONDITION_FAILED - channel is not transactional')
      this.#host.closeChannel(this.#number, why, method)
    } else if (method === METHOD.txCommit) {
      this.#transaction.commit()
      this.#ok(METHOD.txCommitOk)
    } else {
      this.#transaction.rollback()
      this.#ok(METHOD.txRollbackOk)
    }
  }

  #onConsume(fields: FieldReader): void {
    const ask = readConsume(fields)
    if (this.consuming.has(ask.consumerTag)) {
      const why = refusal(NOT_ALLOWED, `NOT_ALLOWED - attempt to reuse consumer tag '${ask.consumerTag}'`)
      this.#host.refuse(why, METHOD.basicConsume)
      return
    }
    this.consuming.consume({ ...ask, queue: this.#named(ask.queue) })
  }

  #onQueueDeclare(fields: FieldReader): void {
    const ask = readQueueDeclare(fields)
    const { topology, connection } = this.#host
    const queue = ask.passive
      ? ask.queue
      : topology.declareQueue(ask.queue, ask.exclusive ? this.#session : null, ask.autoDelete)
    this.#lastQueue = queue
    if (!ask.noWait) connection.write(queueDeclareOk(this.#number, { queue, ...topology.depthOf(queue) }))
  }

  #onBinding(method: number, fields: FieldReader): void {
    const isBind = method === METHOD.queueBind
    const { queue, exchange, routingKey, noWait } = isBind ? readQueueBind(fields) : readQueueUnbind(fields)
    const { topology } = this.#host
    if (isBind && /[*#]/.test(routingKey)) {
      this.#host.refuse(refusal(NOT_IMPLEMENTED, 'NOT_IMPLEMENTED - patterns in routing keys'), method)
    } else if (isBind && !topology.bind(this.#named(queue), exchange, routingKey)) {
      this.#refuseExchange(method, exchange)
    } else {
      if (!isBind) topology.unbind(this.#named(queue), exchange, routingKey)
      if (!noWait) this.#ok(isBind ? METHOD.queueBindOk : METHOD.queueUnbindOk)
    }
  }

  #onExchangeDeclare(fields: FieldReader): void {
    const { exchange, type, passive, noWait } = readExchangeDeclare(fields)
    const { topology } = this.#host
    if (passive && !topology.hasExchange(exchange)) {
      this.#refuseExchange(METHOD.exchangeDeclare, exchange)
    } else if (!passive && !topology.declareExchange(exchange, type)) {
      const why = refusal(COMMAND_INVALID, `COMMAND_INVALID - unknown exchange type '${type}'`)
      this.#host.refuse(why, METHOD.exchangeDeclare)
    } else if (!noWait) {
      this.#ok(METHOD.exchangeDeclareOk)
    }
  }

  /** An empty name means the queue that was declared last. */
  #named(queue: string): string {
    return queue === '' ? this.#lastQueue : queue
  }

  #ok(method: number): void {
    this.#host.connection.write(bareOk(this.#number, method))
  }

  #refuseExchange(method: number, exchange: string): void {
    this.#host.closeChannel(this.#number, refusal(NOT_FOUND, `NOT_FOUND - no exchange '${exchange}'`), method)
  }

  #refuseTag(method: number, tag: number): void {
    const why = refusal(PRECONDITION_FAILED, `PRECONDITION_FAILED - unknown delivery tag ${tag}`)
    this.#host.closeChannel(this.#number, why, method)
  }
}
