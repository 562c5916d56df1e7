import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Preparation, PreparedBroker } from './prepared-broker.ts'
import { advancedConfig, rabbitmqConf, type ProtocolPorts, type RabbitmqPorts } from './rabbitmq-conf.ts'
import { notInstalled } from './tool.ts'

const INSTALLED_UNDER = '/usr/lib/rabbitmq/lib'
const EPMD = '/usr/bin/epmd'
const PLUGINS = [
  ...['rabbitmq_amqp1_0', 'rabbitmq_stomp', 'rabbitmq_mqtt', 'rabbitmq_web_stomp', 'rabbitmq_web_mqtt'],
  ...['rabbitmq_management', 'rabbitmq_prometheus'],
]

/** Debian's RabbitMQ with the plugins of all its protocols; guest/guest unless credentials are given. @throws LaunchError */
export async function prepareRabbitmq({ directory, takePort, options }: Preparation): Promise<PreparedBroker> {
  const installed = findRabbitmq()
  const ports: RabbitmqPorts = {
    ...takeProtocolPorts(takePort),
    management: takePort(),
    prometheus: takePort(),
  }
  const secure = (options.tls ?? null) === null ? null : takeProtocolPorts(takePort)
  const epmdPort = takePort()
  const plugins = options.certificateUser == null ? PLUGINS : [...PLUGINS, 'rabbitmq_auth_mechanism_ssl']
  await writeFile(join(directory, 'enabled_plugins'), `[${plugins.join(',')}].\n`)
  await writeFile(join(directory, 'rabbitmq.conf'), rabbitmqConf(options, ports, secure))
  await writeFile(join(directory, 'advanced.config'), advancedConfig(options.tls ?? null, secure))
  const env = {
    HOME: directory,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    // A port mapper of our own: the system's would outlive the broker, and another user's may be there already.
    ERL_EPMD_PORT: String(epmdPort),
  }
  const login = options.credentials ?? { username: options.certificateUser ?? 'guest', password: 'guest' }
  return {
    version: installed.version,
    program: {
      executable: installed.server,
      args: [],
      env: { ...env, ...serverEnvironment(directory, takePort()) },
    },
    // With `-d` it says why it ends; silently it takes another's port mapper on its port for its own.
    companion: { executable: EPMD, args: ['-d'], env, port: epmdPort },
    targets: new Map([...targetsOf(ports), ...(secure === null ? [] : secureTargetsOf(secure))]),
    managementUrl: `http://${encodeURIComponent(login.username)}:${encodeURIComponent(login.password)}@127.0.0.1:${ports.management}`,
    ports: [...Object.values<number>({ ...ports }), ...Object.values<number>({ ...secure })],
  }
}

function takeProtocolPorts(takePort: () => number): ProtocolPorts {
  return { amqp: takePort(), stomp: takePort(), mqtt: takePort(), webStomp: takePort(), webMqtt: takePort() }
}

function targetsOf(ports: ProtocolPorts): [string, string][] {
  return [
    ['amqp091', `amqp091://127.0.0.1:${ports.amqp}`],
    ['amqp10', `amqp10://127.0.0.1:${ports.amqp}`],
    ['stomp', `stomp://127.0.0.1:${ports.stomp}`],
    ['stomp+ws', `stomp+ws://127.0.0.1:${ports.webStomp}/ws`],
    ['mqtt', `mqtt://127.0.0.1:${ports.mqtt}`],
    ['mqtt+ws', `mqtt+ws://127.0.0.1:${ports.webMqtt}/ws`],
  ]
}

function secureTargetsOf(ports: ProtocolPorts): [string, string][] {
  return [
    ['amqp091s', `amqp091s://127.0.0.1:${ports.amqp}`],
    ['amqp10s', `amqp10s://127.0.0.1:${ports.amqp}`],
    ['stomp+ssl', `stomp+ssl://127.0.0.1:${ports.stomp}`],
    ['stomp+wss', `stomp+wss://127.0.0.1:${ports.webStomp}/ws`],
    ['mqtts', `mqtts://127.0.0.1:${ports.mqtt}`],
    ['mqtt+wss', `mqtt+wss://127.0.0.1:${ports.webMqtt}/ws`],
  ]
}

function findRabbitmq(): { version: string; server: string } {
  const folder = existsSync(INSTALLED_UNDER)
    ? readdirSync(INSTALLED_UNDER).find((name) => name.startsWith('rabbitmq_server-'))
    : undefined
  if (folder === undefined) throw notInstalled({ executable: 'rabbitmq-server', debianPackage: 'rabbitmq-server' })
  return {
    version: folder.replace('rabbitmq_server-', ''),
    server: join(INSTALLED_UNDER, folder, 'sbin', 'rabbitmq-server'),
  }
}

function serverEnvironment(directory: string, distributionPort: number): Record<string, string> {
  return {
    // Makes the start script become the Erlang machine by `exec`, so that its process id is the broker's.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_NODENAME: `brokermark${distributionPort}@localhost`,
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_MNESIA_BASE: join(directory, 'mnesia'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(directory, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: join(directory, 'rabbitmq-env.conf'),
  }
}
