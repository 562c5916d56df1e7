/** `brokermark calibrate`: what this host costs and carries by itself, protocol by protocol. */
import type { ClientKind, Protocol } from '../driver/driver.ts'
import { driverKeys } from '../driver/registry.ts'
import { sizeText } from '../report/number-text.ts'
import type { CalibrationStep } from '../run/floor/calibrate.ts'
import { openFlow } from '../run/floor/floor-flow.ts'
import { pairName, PLAIN_FLOW, type FloorFlow, type FloorPair, type FloorWish } from '../run/floor/floor-record.ts'
import { wishesOf } from '../run/floor/plan-floors.ts'
import { suggestion } from '../workload/nearest.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { UsageError, type Problem } from '../workload/problem.ts'
import { overridesOf } from '../workload/quick-form.ts'
import type { CliContext } from './context.ts'
import { EXIT, worstExitCode, type ExitCode } from './exit-codes.ts'
import { floorTableText } from './floor-table.ts'

export interface CalibrateFlags {
  readonly protocol?: string
  readonly client?: string
  readonly size?: string
  readonly rate?: string
  readonly force?: boolean
  readonly json?: boolean
}

/** @returns the exit code; @throws UsageError for names of nothing that is built, for sizes and rates that are none. */
export async function calibrate(flags: CalibrateFlags, context: CliContext): Promise<ExitCode> {
  const wishes = wishesNamed(flags)
  const { calibrate: measure } = await import('../run/floor/calibrate.ts')
  const { floorCachePath } = await import('../run/floor/floor-cache.ts')
  const cachePath = floorCachePath(context.environment)
  const signal = context.interruptSignal()
  const { floors, isKept } = await measure({
    wishes,
    cachePath,
    force: flags.force === true,
    signal,
    onStep: (step) => context.stderr.write(calibratingLine(step)),
    onWarning: (sentence) => context.stderr.write(`warning: ${sentence}\n`),
  })
  if (flags.json === true) context.stdout.write(`${JSON.stringify(floors, null, 2)}\n`)
  else context.stdout.write(`${floorTableText(floors)}\n${isKept && floors.length > 0 ? `Kept in ${cachePath}\n` : ''}`)
  const wished = wishes.reduce((sum, { flows }) => sum + flows.length, 0)
  return worstExitCode([
    ...(signal.aborted ? [EXIT.interrupted] : []),
    ...(floors.length < wished ? [EXIT.invalidMeasurement] : []),
  ])
}

/** `calibrating stomp by wire with 1 KB (2 of 5, 28 s left)` */
export function calibratingLine({ wish, number, total, secondsLeft }: CalibrationStep): string {
  const left = `${Math.ceil(secondsLeft)} s left`
  return `calibrating ${pairName(wish.pair)} with ${sizeText(wish.messageBytes)} (${number} of ${total}, ${left})\n`
}

/** One floor for each pair and size that are named: for `-r` as fast as such a plan needs it, else in a plan's defaults. */
function wishesNamed(flags: CalibrateFlags): readonly FloorWish[] {
  const problems: Problem[] = []
  const pairs = pairsNamed(flags, problems)
  const { overrides } = overridesOf({ s: flags.size, r: flags.rate })
  const parsed = parseWorkload({ text: null, fallbackName: 'calibrate', overrides })
  if (parsed.kind === 'problems') throw new UsageError([...problems, ...parsed.problems])
  if (problems.length > 0) throw new UsageError(problems)
  const { messageBytes, variants } = parsed.workload
  const flows = variants.flatMap(({ load }): readonly FloorFlow[] =>
    load.model === 'open'
      ? [openFlow(load.ratePerSecond, load.ratePerSecond)]
      : [PLAIN_FLOW, { model: 'closed', pairs: 1, inFlight: load.inFlight }],
  )
  const needs = pairs.flatMap((pair) =>
    messageBytes.flatMap((bytes) => flows.map((flow) => ({ pair, messageBytes: bytes, flow }))),
  )
  return wishesOf(needs, Infinity)
}

/** Every driver that is built, or those of the protocols and the client that are named. */
function pairsNamed({ protocol, client }: CalibrateFlags, problems: Problem[]): readonly FloorPair[] {
  const built = driverKeys().flatMap(({ protocol: one, client: by }) =>
    one === 'loopback' ? [] : [{ protocol: one, client: by }],
  )
  const protocols = named<Protocol>('--protocol', protocol, new Set(built.map((pair) => pair.protocol)), problems)
  const clients = named<ClientKind>('--client', client, new Set(built.map((pair) => pair.client)), problems)
  const pairs = built.filter((pair) => protocols.has(pair.protocol) && clients.has(pair.client))
  if (problems.length === 0 && pairs.length === 0) {
    problems.push({ path: '--client', text: `${protocol ?? ''} has no ${client ?? ''} client in this version` })
  }
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
