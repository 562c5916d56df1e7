import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ARTEMIS, provideDistribution } from './distribution.ts'
import { findJava } from './java.ts'
import { makeKeyStores, type KeyStores } from './keystore.ts'
import type { Preparation, PreparedBroker } from './prepared-broker.ts'
import { runTool } from './tool.ts'

/** All on one acceptor: it tells the protocols, and WebSocket, apart by the first bytes. */
const PLAIN_SCHEMES = ['openwire', 'stomp', 'amqp10', 'mqtt', 'stomp+ws', 'mqtt+ws']
const SECURE_SCHEMES = ['openwire+ssl', 'stomp+ssl', 'amqp10s', 'mqtts', 'stomp+wss', 'mqtt+wss']

/** Artemis as `artemis create` makes it, with an NIO journal; Jolokia is open to local tools. @throws LaunchError */
export async function prepareArtemis({ directory, takePort, options }: Preparation): Promise<PreparedBroker> {
  const [home, java] = await Promise.all([provideDistribution(ARTEMIS), findJava()])
  const instance = join(directory, 'instance')
  const credentials = options.credentials ?? { username: 'admin', password: 'admin' }
  const port = takePort()
  const consolePort = takePort()
  const create = [
    ...['create', instance, '--user', credentials.username, '--password', credentials.password],
    ...['--silent', '--host', '127.0.0.1', '--default-port', String(port), '--http-port', String(consolePort)],
    // Autotune would measure the disk at every start, and a loaded disk would give another broker each time.
    ...['--nio', '--no-autotune', '--relax-jolokia', '--java-memory', `${options.heapMegabytes ?? 1024}M`],
    ...['--no-amqp-acceptor', '--no-mqtt-acceptor', '--no-stomp-acceptor', '--no-hornetq-acceptor'],
    (options.credentials ?? null) === null ? '--allow-anonymous' : '--require-login',
  ]
  await runTool({ executable: join(home, 'bin', 'artemis'), debianPackage: 'bash' }, create, { JAVACMD: java })
  const targets = new Map(PLAIN_SCHEMES.map((scheme) => [scheme, `${scheme}://127.0.0.1:${port}`]))
  const ports = [port, consolePort]
  const tls = options.tls ?? null
  if (tls !== null) {
    const tlsPort = takePort()
    const keyStores = await makeKeyStores(join(instance, 'etc'), tls)
    const acceptor = secureAcceptor(tlsPort, keyStores, tls.requireClientCertificate ?? false)
    await editFile(join(instance, 'etc', 'broker.xml'), (xml) => xml.replace('</acceptors>', `${acceptor}</acceptors>`))
    for (const scheme of SECURE_SCHEMES) targets.set(scheme, `${scheme}://127.0.0.1:${tlsPort}`)
    ports.push(tlsPort)
  }
  const login = `${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}`
  return {
    version: ARTEMIS.version,
    program: { executable: join(instance, 'bin', 'artemis'), args: ['run'], env: { JAVACMD: java } },
    companion: null,
    targets,
    managementUrl: `http://${login}@127.0.0.1:${consolePort}/console/jolokia`,
    ports,
  }
}

function secureAcceptor(port: number, keyStores: KeyStores, requireClientCertificate: boolean): string {
  const { keyStorePath, trustStorePath, password } = keyStores
  const settings = [
    'sslEnabled=true',
    ...[`keyStorePath=${keyStorePath}`, 'keyStoreType=PKCS12', `keyStorePassword=${password}`],
    ...[`trustStorePath=${trustStorePath}`, 'trustStoreType=PKCS12', `trustStorePassword=${password}`],
    `needClientAuth=${String(requireClientCertificate)}`,
    'protocols=CORE,AMQP,STOMP,HORNETQ,MQTT,OPENWIRE',
    ...['tcpSendBufferSize=1048576', 'tcpReceiveBufferSize=1048576', 'useEpoll=true'],
    ...['amqpCredits=1000', 'amqpLowCredits=300', 'amqpMinLargeMessageSize=102400', 'amqpDuplicateDetection=true'],
  ]
  return `<acceptor name="tls">tcp://127.0.0.1:${port}?${settings.join(';')}</acceptor>\n      `
}

async function editFile(path: string, edit: (text: string) => string): Promise<void> {
  await writeFile(path, edit(await readFile(path, 'utf8')))
}
