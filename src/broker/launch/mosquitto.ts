import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LaunchOptions, TlsFiles } from './launched-broker.ts'
import type { Preparation, PreparedBroker } from './prepared-broker.ts'
import { notInstalled, runTool, type Tool } from './tool.ts'

const MOSQUITTO: Tool = { executable: '/usr/sbin/mosquitto', debianPackage: 'mosquitto' }
const MOSQUITTO_PASSWD: Tool = { executable: '/usr/bin/mosquitto_passwd', debianPackage: 'mosquitto' }

/** Debian's Mosquitto with persistence, over TCP and WebSocket. @throws LaunchError */
export async function prepareMosquitto({ directory, takePort, options }: Preparation): Promise<PreparedBroker> {
  if (!existsSync(MOSQUITTO.executable)) throw notInstalled(MOSQUITTO)
  const listeners = [
    { scheme: 'mqtt', port: takePort(), webSocket: false, tls: null },
    { scheme: 'mqtt+ws', port: takePort(), webSocket: true, tls: null },
  ].map((listener): Listener => listener)
  if (options.tls) {
    listeners.push({ scheme: 'mqtts', port: takePort(), webSocket: false, tls: options.tls })
    listeners.push({ scheme: 'mqtt+wss', port: takePort(), webSocket: true, tls: options.tls })
  }
  const data = join(directory, 'data')
  await mkdir(data)
  const configuration = join(directory, 'mosquitto.conf')
  const lines = [
    ...generalLines(data, options),
    ...(await authenticationLines(directory, options)),
    ...listeners.flatMap(listenerLines),
  ]
  await writeFile(configuration, `${lines.join('\n')}\n`)
  return {
    version: mosquittoVersion(),
    program: { executable: MOSQUITTO.executable, args: ['-c', configuration], env: {} },
    companion: null,
    targets: new Map(listeners.map(({ scheme, port }) => [scheme, `${scheme}://127.0.0.1:${port}`])),
    managementUrl: null,
    ports: listeners.map(({ port }) => port),
  }
}

interface Listener {
  readonly scheme: string
  readonly port: number
  readonly webSocket: boolean
  readonly tls: TlsFiles | null
}

function generalLines(data: string, options: LaunchOptions): string[] {
  return [
    // As root it would change to a user who may not read our scratch folder.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    ...['persistence true', `persistence_location ${data}/`],
    `max_queued_messages ${options.maxQueuedMessages ?? 0}`,
    `max_inflight_messages ${options.maxInflightMessages ?? 20}`,
    ...['log_dest stdout', 'log_type error', 'log_type warning', 'log_type notice', 'connection_messages false'],
  ]
}

async function authenticationLines(directory: string, options: LaunchOptions): Promise<string[]> {
  if (!options.credentials) return ['allow_anonymous true']
  const passwords = join(directory, 'passwords')
  await writeFile(passwords, `${options.credentials.username}:${options.credentials.password}\n`, { mode: 0o600 })
  // Hashes in place, so that the password never stands on a command line.
  await runTool(MOSQUITTO_PASSWD, ['-U', passwords])
  return ['allow_anonymous false', `password_file ${passwords}`]
}

function listenerLines({ port, webSocket, tls }: Listener): string[] {
  return [
    `listener ${port} 127.0.0.1`,
    `protocol ${webSocket ? 'websockets' : 'mqtt'}`,
    ...(tls === null ? [] : [`cafile ${tls.caPath}`, `certfile ${tls.certificatePath}`, `keyfile ${tls.keyPath}`]),
    ...(tls?.requireClientCertificate === true ? ['require_certificate true'] : []),
    ...(tls?.identityFromCertificate === true ? ['use_identity_as_username true'] : []),
  ]
}

/** From the first line of its help, which it ends with an exit code of its own. */
function mosquittoVersion(): string {
  const help = spawnSync(MOSQUITTO.executable, ['-h'], { encoding: 'utf8' }).stdout
  return /mosquitto version (\S+)/.exec(help)?.[1] ?? 'unknown'
}
