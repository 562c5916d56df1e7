import type { ClientKind, Driver, Protocol } from './driver.ts'

/** Every driver that is built, loaded only when used: a run over STOMP should not pay for rhea's start-up. */
const DRIVERS: Readonly<Record<string, () => Promise<Driver>>> = {
  'loopback:wire': async () => (await import('./loopback/loopback.ts')).loopback,
  'stomp:wire': async () => (await import('./stomp/wire.ts')).stompWire,
  'stomp:library': async () => (await import('./stomp/library.ts')).stompLibrary,
  'mqtt:wire': async () => (await import('./mqtt/wire.ts')).mqttWire,
  'mqtt:library': async () => (await import('./mqtt/library.ts')).mqttLibrary,
  'amqp10:wire': async () => (await import('./amqp10/wire.ts')).amqp10Wire,
  'amqp10:library': async () => (await import('./amqp10/library.ts')).amqp10Library,
  'amqp091:wire': async () => (await import('./amqp091/wire.ts')).amqp091Wire,
  'amqp091:library': async () => (await import('./amqp091/library.ts')).amqp091Library,
  'openwire:wire': async () => (await import('./openwire/wire.ts')).openwireWire,
}

/** The protocol and client of every driver, in the order of listing. */
export function driverKeys(): readonly { readonly protocol: Protocol; readonly client: ClientKind }[] {
  return Object.keys(DRIVERS).map((key) => {
    const [protocol, client] = key.split(':') as [Protocol, ClientKind]
    return { protocol, client }
  })
}

/** Clients built for a protocol, the default first: ours wherever it exists (design.md section 4). Empty: not built. */
export function clientsOf(protocol: Protocol): readonly ClientKind[] {
  return (['wire', 'library'] as const).filter((client) => `${protocol}:${client}` in DRIVERS)
}

/** @throws Error for a pair that `clientsOf` does not name; the command line checks before. */
export async function loadDriver(protocol: Protocol, client: ClientKind): Promise<Driver> {
  const load = DRIVERS[`${protocol}:${client}`]
  if (load === undefined) throw new Error(`no driver for ${protocol} by ${client}`)
  return load()
}
