/** `brokermark calibrate`: what this host costs and carries by itself, protocol by protocol. */
import type { ClientKind, Protocol } from '../driver/driver.ts'
import { driverKeys } from '../driver/registry.ts'
import type { FloorPair } from '../run/floor/floor-record.ts'
import { UsageError, type Problem } from '../workload/problem.ts'
import { suggestion } from '../workload/nearest.ts'
import type { CliContext } from './context.ts'
import { EXIT, worstExitCode, type ExitCode } from './exit-codes.ts'
import { floorTableText } from './floor-table.ts'

export interface CalibrateFlags {
  readonly protocol?: string
  readonly client?: string
  readonly force?: boolean
  readonly json?: boolean
}

/** @returns the exit code; @throws UsageError for names of nothing that is built. */
export async function calibrate(flags: CalibrateFlags, context: CliContext): Promise<ExitCode> {
  const pairs = pairsNamed(flags)
  const { calibrate: measure } = await import('../run/floor/calibrate.ts')
  const { floorCachePath } = await import('../run/floor/floor-cache.ts')
  const cachePath = floorCachePath(context.environment)
  const signal = context.interruptSignal()
  const floors = await measure({
    pairs,
    cachePath,
    force: flags.force === true,
    signal,
    onPair: (pair) => context.stderr.write(calibratingLine(pair)),
    onWarning: (sentence) => context.stderr.write(`warning: ${sentence}\n`),
  })
  if (flags.json === true) context.stdout.write(`${JSON.stringify(floors, null, 2)}\n`)
  else context.stdout.write(`${floorTableText(floors)}\nKept in ${cachePath}\n`)
  return worstExitCode([
    ...(signal.aborted ? [EXIT.interrupted] : []),
    ...(floors.length < pairs.length ? [EXIT.invalidMeasurement] : []),
  ])
}

/** About as long as one pair takes, its broker's start included. */
const PAIR_SECONDS = 6

/** `calibrating stomp by wire: 6 s` */
export function calibratingLine({ protocol, client }: FloorPair): string {
  return `calibrating ${protocol} by ${client}: ${PAIR_SECONDS} s\n`
}

/** Every driver that is built, or those of the protocols and the client that are named. */
export function pairsNamed({ protocol, client }: Pick<CalibrateFlags, 'protocol' | 'client'>): readonly FloorPair[] {
  const built = driverKeys().flatMap(({ protocol: one, client: by }) =>
    one === 'loopback' ? [] : [{ protocol: one, client: by }],
  )
  const problems: Problem[] = []
  const protocols = named<Protocol>('--protocol', protocol, new Set(built.map((pair) => pair.protocol)), problems)
  const clients = named<ClientKind>('--client', client, new Set(built.map((pair) => pair.client)), problems)
  const pairs = built.filter((pair) => protocols.has(pair.protocol) && clients.has(pair.client))
  if (problems.length === 0 && pairs.length === 0) {
    problems.push({ path: '--client', text: `${protocol ?? ''} has no ${client ?? ''} client in this version` })
  }
  if (problems.length > 0) throw new UsageError(problems)
  return pairs
}

function named<Name extends string>(
  flag: string,
  written: string | undefined,
  known: ReadonlySet<Name>,
  problems: Problem[],
): ReadonlySet<Name> {
  if (written === undefined) return known
  const found = new Set<Name>()
  for (const word of written.split(',').map((part) => part.trim())) {
    const name = [...known].find((one) => one === word)
    if (name === undefined) problems.push({ path: flag, text: `unknown name ${word}, ${suggestion(word, [...known])}` })
    else found.add(name)
  }
  return found
}
