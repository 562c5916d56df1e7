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
import { untilAccepting } from './readiness.ts'

const PREPARE: Readonly<Record<BrokerProduct, (preparation: Preparation) => Promise<PreparedBroker>>> = {
  activemq: prepareActivemq,
  artemis: prepareArtemis,
  rabbitmq: prepareRabbitmq,
  mosquitto: prepareMosquitto,
}

/** More than any product opens with TLS. */
const PORTS_MAX = 24
const STOP_DEADLINE_MS = 15_000

/**
 * Starts a broker on this machine with every listener that the product has, on free ports of 127.0.0.1, and resolves
 * when all of them accept. A port taken by somebody else in between is met by one more try.
 * @throws LaunchError
 */
export async function launchBroker(product: BrokerProduct, options: LaunchOptions = {}): Promise<LaunchedBroker> {
  try {
    return await launchOnce(product, options)
  } catch (thrown) {
    if (thrown instanceof LaunchError && thrown.code === 'port-taken') return launchOnce(product, options)
    throw thrown
  }
}

async function launchOnce(product: BrokerProduct, options: LaunchOptions): Promise<LaunchedBroker> {
  const directory = await mkdtemp(join(options.directory ?? tmpdir(), `brokermark-${product}-`))
  const processes: BrokerProcess[] = []
  const stop = async (): Promise<void> => {
    // The broker first: it says goodbye to its companion.
    for (const running of processes.toReversed()) await running.stop(STOP_DEADLINE_MS)
    await rm(directory, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    const { takePort } = await reservePorts(PORTS_MAX)
    const prepared = await PREPARE[product]({ directory, takePort, options })
    if (prepared.companion !== null) {
      processes.push(await startProcess(prepared.companion, directory, join(directory, 'companion.log')))
    }
    const broker = await startProcess(prepared.program, directory, join(directory, 'console.log'))
    processes.push(broker)
    await untilAccepting(broker, product, prepared.ports, options.startTimeoutSeconds ?? 120)
    return {
      product,
      version: prepared.version,
      pid: broker.pid,
      targets: prepared.targets,
      managementUrl: prepared.managementUrl,
      directory,
      log: () => broker.log(),
      kill: (signal) => broker.kill(signal),
      stop,
    }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}
