import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareActivemq } from './activemq.ts'
import { prepareArtemis } from './artemis.ts'
import { startProcess, type BrokerProcess } from './broker-process.ts'
import { reservePorts } from './free-ports.ts'
import { LaunchError, type BrokerProduct, type LaunchedBroker, type LaunchOptions } from './launched-broker.ts'
import { prepareMosquitto } from './mosquitto.ts'
import type { Preparation, PreparedBroker } from './prepared-broker.ts'
import { prepareRabbitmq } from './rabbitmq.ts'
import { assertNobodyAccepts, untilAccepting } from './readiness.ts'

const PREPARE: Readonly<Record<BrokerProduct, (preparation: Preparation) => Promise<PreparedBroker>>> = {
  activemq: prepareActivemq,
  artemis: prepareArtemis,
  rabbitmq: prepareRabbitmq,
  mosquitto: prepareMosquitto,
}

/** More than any product opens with TLS. */
const PORTS_MAX = 24
const STOP_DEADLINE_MS = 15_000
const START_TIMEOUT_SECONDS = 300
/** Starts, each on other ports, of a broker that finds one of its ports taken. */
const STARTS_MAX = 3
/** Erlang's helpers and others of the group may write for a moment after they were killed. */
const REMOVE_RETRIES = 10

/**
 * Starts a broker on this machine with every listener that the product has, on free ports of 127.0.0.1, and resolves
 * when all of them accept. A port taken by somebody else in between is met by another start, three in all.
 * @throws LaunchError
 */
export async function launchBroker(product: BrokerProduct, options: LaunchOptions = {}): Promise<LaunchedBroker> {
  for (let start = 1; ; start++) {
    try {
      return await launchOnce(product, options)
    } catch (thrown) {
      const isTaken = thrown instanceof LaunchError && thrown.code === 'port-taken'
      if (!isTaken || start === STARTS_MAX) throw thrown
    }
  }
}

async function launchOnce(product: BrokerProduct, options: LaunchOptions): Promise<LaunchedBroker> {
  const directory = await mkdtemp(join(options.directory ?? tmpdir(), `brokermark-${product}-`))
  const { startTimeoutSeconds = START_TIMEOUT_SECONDS } = options
  const processes: BrokerProcess[] = []
  const stop = async (): Promise<void> => {
    // The broker first: it says goodbye to its companion.
    for (const running of processes.toReversed()) await running.stop(STOP_DEADLINE_MS)
    await rm(directory, { recursive: true, force: true, maxRetries: REMOVE_RETRIES })
  }
  try {
    const { takePort } = await reservePorts(PORTS_MAX)
    const prepared = await PREPARE[product]({ directory, takePort, options })
    const { companion } = prepared
    await assertNobodyAccepts(product, [...prepared.ports, ...(companion === null ? [] : [companion.port])])
    if (companion !== null) {
      const beside = await startProcess(companion, directory, join(directory, 'companion.log'))
      processes.push(beside)
      // A node that finds no port mapper yet starts one of its own, which nobody would ever stop.
      await untilAccepting(beside, `the companion of ${product}`, [companion.port], startTimeoutSeconds)
    }
    const broker = await startProcess(prepared.program, directory, join(directory, 'console.log'))
    processes.push(broker)
    await untilAccepting(broker, product, prepared.ports, startTimeoutSeconds)
    return {
      product,
      version: prepared.version,
      pid: broker.pid,
      targets: prepared.targets,
      managementUrl: prepared.managementUrl,
      directory,
      log: () => broker.log(),
      end: broker.end,
      kill: (signal) => broker.kill(signal),
      stop,
    }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}
