/** The brokers that brokermark can start on this machine, each from its stock distribution. */
export const BROKER_PRODUCTS = ['activemq', 'artemis', 'rabbitmq', 'mosquitto'] as const

export type BrokerProduct = (typeof BROKER_PRODUCTS)[number]

/** A user known to the broker. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/** PEM files for listeners with TLS, opened beside the plain ones. */
export interface TlsFiles {
  /** The authority that client certificates are checked against. */
  readonly caPath: string
  readonly certificatePath: string
  readonly keyPath: string
  /** True: every TLS listener refuses a client without a certificate of that authority. Default false. */
  readonly requireClientCertificate?: boolean
  /**
   * Mosquitto only, and only where a client certificate is required: its common name is the user name, and no password is
   * asked for on TLS listeners. Default false.
   */
  readonly identityFromCertificate?: boolean
}

/** How to start a broker. Everything left out is what the product ships with. */
export interface LaunchOptions {
  /** Largest heap of a JVM broker in MiB. Default 1024. */
  readonly heapMegabytes?: number
  /** Given: this user may do everything and anonymous clients are refused. Default null: no authentication. */
  readonly credentials?: Credentials | null
  readonly tls?: TlsFiles | null
  /**
   * RabbitMQ only: this user, instead of `guest` and with its password, may log in over TLS by SASL EXTERNAL with a
   * certificate whose common name it is. Excludes `credentials`. Default null: nobody may.
   */
  readonly certificateUser?: string | null
  /** ActiveMQ Classic only: KahaDB's `concurrentStoreAndDispatchQueues`. Default true, as shipped. */
  readonly concurrentStoreAndDispatchQueues?: boolean
  /**
   * ActiveMQ Classic only: what its AMQP 1.0 connector makes of a message for clients of other protocols. `native`, the
   * default and as shipped: nothing, they get it as it was encoded; `jms`: the same message, with the same body.
   */
  readonly amqpTransformer?: 'native' | 'jms'
  /**
   * Mosquitto only: messages queued per client above those in flight, 0 = no limit. Default 0, because what exceeds the
   * product's own 1,000 is dropped after it was confirmed.
   */
  readonly maxQueuedMessages?: number
  /** Mosquitto only: unacknowledged messages per client, 0 = no limit. Default 20, as shipped. */
  readonly maxInflightMessages?: number
  /** Existing folder under which the broker's scratch folder is made. Default: the system's temporary folder. */
  readonly directory?: string
  /** How long the broker may take until all its ports accept. Default 300. */
  readonly startTimeoutSeconds?: number
}

/** A running broker, bound to 127.0.0.1. It dies with this process, whatever way that ends. */
export interface LaunchedBroker {
  readonly product: BrokerProduct
  readonly version: string
  /** The broker itself (the JVM, beam.smp, mosquitto), never a wrapper: CPU probes read this process. */
  readonly pid: number
  /**
   * Target URL without credentials by brokermark's scheme (`stomp`, `mqtt+ws`, `amqp10s`, ...): exactly those opened.
   * Where several protocols share a port, each has its own entry.
   */
  readonly targets: ReadonlyMap<string, string>
  /** Jolokia base (ActiveMQ, Artemis) or RabbitMQ's HTTP API, with credentials; null for Mosquitto. */
  readonly managementUrl: string | null
  /** Configuration, data and log of this instance; removed by `stop`. */
  readonly directory: string
  /** The last 64 KiB of what the broker wrote to its console; still there after `stop`. */
  log(): string
  /** How its process ended, once it has: `was killed by SIGKILL`, `ended with exit code 1`. Never rejects. */
  readonly end: Promise<string>
  /** Sends SIGTERM, waits up to 15 s, then SIGKILL; removes `directory`. Safe to call twice and on a dead broker. */
  stop(): Promise<void>
  /** Sends a signal to the broker and returns at once (SIGKILL: a crash, SIGSTOP and SIGCONT: a stall). */
  kill(signal: NodeJS.Signals): void
}

/**
 * `missing`: the product or its tools are not installed, the sentence says what to type. `port-taken`: another process
 * was faster. `failed`: it ended while starting. `timeout`: its ports did not all accept in time.
 */
export type LaunchErrorCode = 'missing' | 'port-taken' | 'failed' | 'timeout'

export class LaunchError extends Error {
  override readonly name = 'LaunchError'
  readonly code: LaunchErrorCode

  constructor(code: LaunchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
