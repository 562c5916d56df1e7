import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { DriverError } from '../../driver/driver-error.ts'
import { UsageError } from '../../workload/problem.ts'
import type { FromEmbedded, ToEmbedded } from './embedded-messages.ts'
import { parseEmbeddedSettings } from './embedded-settings.ts'
import type { FaultCounts } from './fault-model.ts'

/** A running embedded broker, in a process of its own so that its CPU can be told from the harness's. */
export interface EmbeddedHandle {
  readonly host: string
  /** All protocols over TCP, or over TLS where a certificate was given: the first bytes tell which it is. */
  readonly port: number
  /** STOMP and MQTT over WebSocket, or over secure WebSocket. */
  readonly webSocketPort: number
  readonly pid: number
  /** How the process ended, once it has: `was killed by SIGKILL`. Never rejects. */
  readonly end: Promise<string>
  /** Ends the process and waits for its end. Safe to call twice. */
  stop(): Promise<void>
  /** Faults injected so far; all 0 for a broker without. @throws DriverError closed */
  faultCounts(): Promise<FaultCounts>
}

/**
 * Starts an embedded broker on free ports of the loopback interface. It ends with this process, however that ends.
 * @param faults the stub's switches and settings by name (see fault-config.ts and embedded-settings.ts).
 * @throws UsageError for switches that are unknown or wrong, all at once; DriverError where the process does not start.
 */
export async function launchEmbedded(faults: Readonly<Record<string, string>> = {}): Promise<EmbeddedHandle> {
  parseEmbeddedSettings(faults)
  const entry = new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url)
  // Options of this process's own Node (a debugger's port, the test runner's flags) are not for the child.
  const child = fork(entry, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const started = await ask(child, { kind: 'start', switches: faults })
  if (started.kind !== 'listening' || child.pid === undefined) {
    child.kill('SIGKILL')
    if (started.kind === 'refused') throw new UsageError(started.problems)
    throw new DriverError(
      'refused',
      `the embedded broker did not start${started.kind === 'failed' ? `: ${started.text}` : ''}`,
    )
  }
  child.unref()
  child.channel?.unref()
  return {
    host: '127.0.0.1',
    ...started.ports,
    pid: child.pid,
    end: endOf(child),
    stop: () => stop(child),
    faultCounts: async () => {
      const answer = await ask(child, { kind: 'faultCounts' })
      if (answer.kind !== 'faultCounts') throw new DriverError('closed', 'the embedded broker did not answer')
      return answer.counts
    },
  }
}

/** Sends one message and waits for the answer; rejects if the process ends first. */
function ask(child: ChildProcess, message: ToEmbedded): Promise<FromEmbedded> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      child.off('message', onMessage)
      child.off('exit', onExit)
      child.off('error', onExit)
      child.channel?.unref()
      then()
    }
    const onMessage = (answer: unknown): void => settle(() => resolve(answer as FromEmbedded))
    const onExit = (): void => settle(() => reject(new DriverError('closed', 'the embedded broker has ended')))
    child.on('message', onMessage)
    child.on('exit', onExit)
    child.on('error', onExit)
    child.channel?.ref()
    if (!child.connected) onExit()
    else child.send(message)
  })
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `ended with exit code ${String(code)}` : `was killed by ${signal}`),
    )
  })
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve()
      return
    }
    child.ref()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
