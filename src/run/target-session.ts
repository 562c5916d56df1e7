import { launchEmbedded } from '../broker/embedded/launch-embedded.ts'
import { toDriverError } from '../driver/driver-error.ts'
import type { Admin, BrokerIdentity, ClientKind, Driver, Protocol } from '../driver/driver.ts'
import type { Endpoint } from '../driver/endpoint.ts'
import { clientsOf, loadDriver } from '../driver/registry.ts'
import { findProbe } from '../probe/find-probe.ts'
import { localAddressesOf } from '../probe/local-addresses.ts'
import type { Probe, ProbeFinding } from '../probe/probe.ts'
import type { BrokerTarget, Target } from '../workload/target.ts'
import { identityOfEnds, type FoundEnd } from './one-broker.ts'

/** A target in use: where it is, who answers there, and how its CPU is read. */
export interface TargetSession {
  readonly target: Target
  /** Of the producers, and of the consumers where the target has no end for them alone. */
  readonly endpoint: Endpoint
  readonly consumerEndpoint: Endpoint
  readonly identity: BrokerIdentity
  readonly probe: Probe | null
  /** What is sampled, or why nothing is. */
  readonly cpuSource: string
  /** Broker and generator share the cores of this host. */
  readonly coLocated: boolean
  /** Ends a broker that was started for the run. */
  end(): Promise<void>
}

/** `--broker-pid` and `--broker-cgroup`. */
export interface ProbeWish {
  readonly pid: number | null
  readonly cgroupPath: string | null
}

const MEMORY_ENDPOINT: Endpoint = {
  protocol: 'loopback',
  transport: 'memory',
  host: 'memory',
  port: 0,
  path: '/',
  options: {},
  username: null,
  password: null,
  tls: null,
}

/**
 * Finds the endpoint that accepts (of a `failover:` list the first that does) at each end, asks the broker its name and
 * looks for its processes. Starts the embedded broker where that is the target.
 * @throws DriverError when no endpoint of an end accepts, or the ends do not lead to one broker.
 */
export async function openTarget(target: Target, timeoutMs: number, wish: ProbeWish): Promise<TargetSession> {
  switch (target.kind) {
    case 'embedded': {
      const broker = await launchEmbedded(target.faults)
      const endpoint: Endpoint = {
        ...MEMORY_ENDPOINT,
        protocol: target.protocol,
        options: target.options,
        transport: target.isWebSocket === true ? 'ws' : 'tcp',
        host: broker.host,
        port: target.isWebSocket === true ? broker.webSocketPort : broker.port,
      }
      const finding = findProbe({ cgroupPath: null, pid: broker.pid, host: broker.host, port: broker.port })
      return describe(target, endpoint, { product: 'brokermark embedded', version: null }, finding, () => broker.stop())
    }
    case 'loopback':
      return describe(
        target,
        MEMORY_ENDPOINT,
        { product: 'brokermark loopback', version: null },
        { kind: 'none', why: 'there is no broker: messages stay in the memory of the harness' },
        () => Promise.resolve(),
      )
    case 'broker':
      return openBroker(target, timeoutMs, wish)
  }
}

/** A broker with an address, as it was found: the end that accepts for producers, that for consumers, and who it is. */
export interface FoundBroker {
  readonly producers: FoundEnd
  /** The very same where the target has no end for consumers alone. */
  readonly consumers: FoundEnd
  readonly identity: BrokerIdentity
}

/** Connects, logs in and closes at each end. @throws DriverError as `openTarget` does. */
export async function findBroker(target: BrokerTarget, timeoutMs: number): Promise<FoundBroker> {
  const producers = await firstThatAccepts(target.endpoints, timeoutMs)
  const consumers =
    target.consumerEnd === null ? producers : await firstThatAccepts(target.consumerEnd.endpoints, timeoutMs)
  return { producers, consumers, identity: identityOfEnds(producers, consumers) }
}

async function openBroker(target: BrokerTarget, timeoutMs: number, wish: ProbeWish): Promise<TargetSession> {
  const { producers, consumers, identity } = await findBroker(target, timeoutMs)
  const find = ({ endpoint: { host, port } }: FoundEnd): ProbeFinding =>
    findProbe({ cgroupPath: wish.cgroupPath, pid: wish.pid, host, port })
  const finding = find(producers)
  // One broker, and maybe only one of its ports is a listener that can be seen.
  const seen = finding.kind === 'found' || producers === consumers ? finding : find(consumers)
  const session = describe(target, producers.endpoint, identity, seen, () => Promise.resolve())
  return { ...session, consumerEndpoint: consumers.endpoint }
}

/** The default client of a protocol is the first built: ours wherever it exists. */
export async function driverOf(protocol: Protocol, client: ClientKind | null): Promise<Driver> {
  const chosen = client ?? clientsOf(protocol)[0]
  if (chosen === undefined) throw new Error(`no client is built for ${protocol}`)
  return loadDriver(protocol, chosen)
}

async function firstThatAccepts(endpoints: readonly [Endpoint, ...Endpoint[]], timeoutMs: number): Promise<FoundEnd> {
  let failure: unknown = null
  for (const endpoint of endpoints) {
    const driver = await driverOf(endpoint.protocol, null)
    let admin: Admin | null = null
    try {
      admin = await driver.openAdmin(endpoint, { timeoutMs })
      return { endpoint, identity: admin.identity }
    } catch (error) {
      failure ??= toDriverError(error, `connecting to ${endpoint.host}:${endpoint.port}`)
    } finally {
      await admin?.close()
    }
  }
  throw failure
}

function describe(
  target: Target,
  endpoint: Endpoint,
  identity: BrokerIdentity,
  finding: ProbeFinding,
  end: () => Promise<void>,
): TargetSession {
  const probe = finding.kind === 'found' ? finding.probe : null
  return {
    target,
    endpoint,
    consumerEndpoint: endpoint,
    identity,
    probe,
    cpuSource: finding.kind === 'found' ? finding.probe.source : finding.why,
    coLocated: target.kind !== 'broker' || localAddressesOf(endpoint.host).length > 0,
    end,
  }
}
