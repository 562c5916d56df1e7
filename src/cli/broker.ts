/** `brokermark broker`: a local broker to try things on, until Ctrl-C. */
import { BROKER_PRODUCTS, type BrokerProduct } from '../broker/launch/launched-broker.ts'
import type { Transport } from '../driver/capabilities.ts'
import { DriverError } from '../driver/driver-error.ts'
import { suggestion } from '../workload/nearest.ts'
import { parseTarget } from '../workload/parse-target.ts'
import { EXACT_SCHEMES } from '../workload/target-schemes.ts'
import { UsageError } from '../workload/problem.ts'
import type { CliContext } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { faultProblems } from './fault-problems.ts'

/** What may be started: the broker inside, or one that is installed on this machine. */
export const STARTABLE_BROKERS = ['embedded', ...BROKER_PRODUCTS] as const

interface RunningBroker {
  readonly name: string
  readonly pid: number
  readonly urls: readonly string[]
  /** How its process ended, once it has. */
  readonly end: Promise<string>
  stop(): Promise<void>
}

/**
 * Starts it, prints its target URLs on stdout, one a line, and stays as long as it does.
 * @param named a product, or an embedded target with its switches (`embedded:?stallMs=500&stallEveryMs=5000`).
 * @throws UsageError, LaunchError; DriverError where it has ended by itself.
 */
export async function broker(named: string, context: CliContext): Promise<ExitCode> {
  const signal = context.interruptSignal()
  const start = starterOf(named)
  const running = await start()
  context.stderr.write(`${running.name}, process ${running.pid}, until Ctrl-C; targets:\n`)
  context.stdout.write(`${running.urls.join('\n')}\n`)
  const ending = await Promise.race([aborted(signal), running.end])
  await running.stop()
  if (ending === null) return EXIT.fine
  throw new DriverError('closed', `${running.name}, process ${running.pid}, ${ending}: its targets are gone`)
}

function starterOf(named: string): () => Promise<RunningBroker> {
  const product = BROKER_PRODUCTS.find((one) => one === named)
  if (product !== undefined) return () => startProduct(product)
  const target = /^embedded(?::|$)/.test(named) ? parseTarget(named) : null
  if (target?.kind === 'embedded') {
    const problems = faultProblems(target)
    if (problems.length > 0) throw new UsageError(problems)
    return () => startEmbedded(target.faults)
  }
  throw new UsageError([{ path: named, text: `unknown broker, ${suggestion(named, STARTABLE_BROKERS)}` }])
}

async function startProduct(product: BrokerProduct): Promise<RunningBroker> {
  const { launchBroker } = await import('../broker/launch/launch.ts')
  const launched = await launchBroker(product)
  const urls = [...launched.targets.values()]
  const { pid, end } = launched
  return { name: `${product} ${launched.version}`, pid, urls, end, stop: () => launched.stop() }
}

async function startEmbedded(faults: Readonly<Record<string, string>>): Promise<RunningBroker> {
  const { launchEmbedded } = await import('../broker/embedded/launch-embedded.ts')
  const launched = await launchEmbedded(faults)
  const { host, port, webSocketPort, pid, end } = launched
  const secure = 'tlsCertificate' in faults
  const portOf = (transport: Transport): number => (transport === 'ws' || transport === 'wss' ? webSocketPort : port)
  const urls = Object.entries(EXACT_SCHEMES)
    .filter(([, { transport }]) => (transport === 'tls' || transport === 'wss') === secure)
    .map(([scheme, { transport }]) => `${scheme}://${host}:${portOf(transport)}`)
  return { name: 'embedded broker', pid, urls, end, stop: () => launched.stop() }
}

/** Resolves with null at Ctrl-C. */
function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    // A listener alone does not keep a process alive.
    const alive = setInterval(() => undefined, 60_000)
    const end = (): void => {
      clearInterval(alive)
      resolve(null)
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
