import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { activemqXml, type ActivemqConnector } from './activemq-xml.ts'
import { ACTIVEMQ, provideDistribution } from './distribution.ts'
import { findJava } from './java.ts'
import { makeKeyStores } from './keystore.ts'
import type { Preparation, PreparedBroker } from './prepared-broker.ts'

/** brokermark's scheme, ActiveMQ's own, and whether the port is a WebSocket one. */
const PLAIN = [
  { schemes: ['openwire'], transport: 'tcp' },
  { schemes: ['stomp'], transport: 'stomp' },
  { schemes: ['amqp10'], transport: 'amqp' },
  { schemes: ['mqtt'], transport: 'mqtt' },
  { schemes: ['stomp+ws', 'mqtt+ws'], transport: 'ws' },
]
const SECURE = [
  { schemes: ['openwire+ssl'], transport: 'ssl' },
  { schemes: ['stomp+ssl'], transport: 'stomp+ssl' },
  { schemes: ['amqp10s'], transport: 'amqp+ssl' },
  { schemes: ['mqtts'], transport: 'mqtt+ssl' },
  { schemes: ['stomp+wss', 'mqtt+wss'], transport: 'wss' },
]

/** ActiveMQ Classic: KahaDB, all connectors, web console with Jolokia (admin/admin). @throws LaunchError */
export async function prepareActivemq({ directory, takePort, options }: Preparation): Promise<PreparedBroker> {
  const [home, java] = await Promise.all([provideDistribution(ACTIVEMQ), findJava()])
  const conf = join(directory, 'conf')
  const data = join(directory, 'data')
  const tmp = join(directory, 'tmp')
  for (const folder of [conf, data, tmp]) await mkdir(folder)
  const tls = options.tls ?? null
  const connectors: ActivemqConnector[] = []
  const targets = new Map<string, string>()
  for (const { schemes, transport } of tls === null ? PLAIN : [...PLAIN, ...SECURE]) {
    const port = takePort()
    connectors.push({ transport, port })
    for (const scheme of schemes) targets.set(scheme, `${scheme}://127.0.0.1:${port}`)
  }
  const consolePort = takePort()
  await copyConfiguration(join(home, 'conf'), conf, consolePort)
  const xml = activemqXml({
    dataDirectory: data,
    connectors,
    credentials: options.credentials ?? null,
    keyStores: tls === null ? null : await makeKeyStores(conf, tls),
    requireClientCertificate: tls?.requireClientCertificate ?? false,
    amqpTransformer: options.amqpTransformer ?? 'native',
    concurrentStoreAndDispatchQueues: options.concurrentStoreAndDispatchQueues ?? true,
  })
  await writeFile(join(conf, 'activemq.xml'), xml)
  return {
    version: ACTIVEMQ.version,
    program: {
      executable: java,
      args: javaArguments(home, { base: directory, conf, data, tmp }, options.heapMegabytes ?? 1024),
      env: {},
    },
    companion: null,
    targets,
    managementUrl: `http://admin:admin@127.0.0.1:${consolePort}/api/jolokia`,
    ports: [...connectors.map(({ port }) => port), consolePort],
  }
}

async function copyConfiguration(from: string, to: string, consolePort: number): Promise<void> {
  const names = (await readdir(from)).filter(
    (name) => name.endsWith('.properties') || name === 'jolokia-access.xml' || name === 'login.config',
  )
  for (const name of names) await copyFile(join(from, name), join(to, name))
  const jetty = await readFile(join(from, 'jetty.xml'), 'utf8')
  await writeFile(join(to, 'jetty.xml'), jetty.replace('value="8161"', `value="${consolePort}"`))
}

interface Folders {
  readonly base: string
  readonly conf: string
  readonly data: string
  readonly tmp: string
}

function javaArguments(home: string, { base, conf, data, tmp }: Folders, heapMegabytes: number): string[] {
  return [
    `-Xmx${heapMegabytes}m`,
    '-Djava.awt.headless=true',
    `-Dactivemq.home=${home}`,
    `-Dactivemq.base=${base}`,
    `-Dactivemq.conf=${conf}`,
    `-Dactivemq.data=${data}`,
    // Without it the console answers 503 to every Jolokia request.
    `-Djolokia.conf=file:${conf}/jolokia-access.xml`,
    `-Djava.security.auth.login.config=${conf}/login.config`,
    `-Djava.io.tmpdir=${tmp}`,
    '-jar',
    join(home, 'bin', 'activemq.jar'),
    'start',
    `xbean:file:${conf}/activemq.xml`,
  ]
}
