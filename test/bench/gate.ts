/**
 * The validity gate at work (method.md R1.6): the real command, so that the gate passes its run and once for each
 * reason that one machine can be brought to. Makes docs/method/gate-at-work.md.
 *
 * `npm run gate`, or `npm run gate -- --only=lossy,late` for the sections of these only.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { FAILURE_CASES } from './gate/failure-cases.ts'
import type { GateCase } from './gate/gate-case.ts'
import { gatePage, withRuns } from './gate/gate-page.ts'
import { GENERATOR_CASES } from './gate/generator-cases.ts'
import { LEDGER_CASES } from './gate/ledger-cases.ts'
import { runGateCase, type GateRun } from './gate/run-gate-case.ts'
import { SHOWN_BY_TEST } from './gate/shown-by-test.ts'
import { benchFlags } from './support/flags.ts'
import { machineText } from './support/page.ts'

const PAGE = 'docs/method/gate-at-work.md'
/** The name of the run that passes, for `--only`. */
const PASSED = 'valid'

const { only, out } = benchFlags()
const wanted = (all: readonly GateCase[]): readonly GateCase[] =>
  all.filter(({ code }) => only.length === 0 || only.includes(code ?? PASSED))
const generator = wanted(GENERATOR_CASES)

// What takes a minute or does not ask how busy the machine is goes first and side by side, the rest has it for itself.
const [failures, ledger, ...long] = await Promise.all([
  inTurn(wanted(FAILURE_CASES)),
  inTurn(wanted(LEDGER_CASES)),
  ...generator.filter(({ long }) => long === true).map((one) => inTurn([one])),
])
const others = await inTurn(generator.filter(({ long }) => long !== true))
const runs = [...others, ...long.flat(), ...ledger, ...failures]

const path = out ?? PAGE
const page =
  only.length === 0
    ? gatePage(machineText(), runs, SHOWN_BY_TEST)
    : withRuns(readFileSync(path, 'utf8'), runs, SHOWN_BY_TEST)
writeFileSync(path, page)
process.stdout.write(`written: ${path}\n`)
if (runs.some(({ isAsWanted, gateCase }) => !isAsWanted && gateCase.quietOnly !== true)) process.exitCode = 1

async function inTurn(cases: readonly GateCase[]): Promise<readonly GateRun[]> {
  const done: GateRun[] = []
  for (const gateCase of cases) {
    const run = await runGateCase(gateCase)
    done.push(run)
    tell(run)
  }
  return done
}

function tell({ gateCase, isAsWanted, verdict, exitCode, attempt, commands, printed }: GateRun): void {
  const outcome = isAsWanted ? 'as wanted' : `NOT as wanted: ${verdict?.kind ?? 'no verdict'}`
  process.stdout.write(`${gateCase.code ?? PASSED}: ${outcome}, exit ${String(exitCode)}, attempt ${attempt}\n`)
  if (only.length > 0 || !isAsWanted) process.stdout.write(`${[...commands, ...printed].join('\n')}\n\n`)
}
