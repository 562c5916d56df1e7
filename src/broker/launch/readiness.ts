import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { BrokerProcess } from './broker-process.ts'
import { LaunchError } from './launched-broker.ts'

const POLL_MS = 50
/** How the products say that a port was taken between our choosing and their opening it. */
const PORT_TAKEN = new RegExp(
  [
    'address already in use|eaddrinuse|BindException|port already in use',
    // epmd, RabbitMQ's port between nodes, Mosquitto over WebSocket
    'already a epmd running|dist_port_already_used|unable to create websockets listener',
  ].join('|'),
  'i',
)

/**
 * To be called before the broker is started: Mosquitto, for one, says a quarter second after it has opened its first port
 * that somebody has the next, and until then who accepts there would be taken for it.
 * @throws LaunchError `port-taken` when somebody accepts at one of the ports
 */
export async function assertNobodyAccepts(product: string, ports: readonly number[]): Promise<void> {
  const accepted = await Promise.all(ports.map(accepts))
  if (accepted.includes(true)) throw new LaunchError('port-taken', `${product} found one of its ports taken`)
}

/**
 * Resolves when every port accepts connections.
 * @throws LaunchError `port-taken` or `failed` as soon as the broker ends, `timeout` after the deadline
 */
export async function untilAccepting(
  broker: BrokerProcess,
  product: string,
  ports: readonly number[],
  timeoutSeconds: number,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutSeconds * 1000
  let waiting = [...ports]
  let isAccepting = false
  for (;;) {
    const ending = broker.ended()
    const log = broker.log()
    if (PORT_TAKEN.test(log)) throw new LaunchError('port-taken', `${product} found one of its ports taken`)
    if (ending !== null)
      throw new LaunchError('failed', `${product} ${ending} while starting; its log ends: ${lastLines(log)}`)
    if (isAccepting) return
    const accepted = await Promise.all(waiting.map(accepts))
    waiting = waiting.filter((_, index) => accepted[index] !== true)
    // What accepts may be somebody else: then the broker is about to say so, or to end.
    isAccepting = waiting.length === 0
    if (!isAccepting && performance.now() > deadlineMs) {
      const where = waiting.map((port) => String(port)).join(', ')
      throw new LaunchError(
        'timeout',
        `${product} did not open port ${where} within ${timeoutSeconds} s; its log ends: ${lastLines(log)}`,
      )
    }
    await delay(POLL_MS)
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const settle = (accepted: boolean): void => {
      socket.destroy()
      resolve(accepted)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

function lastLines(log: string): string {
  const lines = log.trimEnd().split('\n').slice(-20)
  return lines.length === 0 || lines[0] === '' ? '(nothing)' : `\n${lines.join('\n')}`
}
