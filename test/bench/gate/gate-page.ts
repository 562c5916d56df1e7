/** The page docs/method/gate-at-work.md, from what the cases came to. */
import { helpFor } from '../../../src/report/verdict-help.ts'
import { reasonText } from '../../../src/report/verdict-text.ts'
import type { Verdict } from '../../../src/result/result.ts'
import { judge } from '../../../src/run/verdict/judge.ts'
import type { GateRun } from './run-gate-case.ts'
import type { ShownByTest } from './shown-by-test.ts'

const AMISS = ' **It did not come out as it should; this is the last attempt.**'

/** @param machine `2026-11-21, Node 20.20.2, 2 x AMD EPYC 7B13`. */
export function gatePage(machine: string, runs: readonly GateRun[], shownByTest: readonly ShownByTest[]): string {
  const passed = runs.filter(({ gateCase }) => gateCase.code === null)
  const refused = runs.filter(({ gateCase }) => gateCase.code !== null)
  const sections = [...refused.map(sectionOfRun), ...shownByTest.map(sectionOfTest)]
  return `# The gate at work

Made by \`npm run gate\` (test/bench/gate.ts) on ${machine}; not edited by hand.

What the gate passes, and a run for each reason that it has: the command as a user would type it, its exit code, and what it printed
about the cell. \`brokermark broker\` starts a broker and prints its URL; on \`embedded:\` the run brings its own. Ports are of that moment.
Broker and generator share one machine, so beside the reason that was provoked there may be others. Reasons that one machine cannot be
brought to in earnest come last: there the text is what the gate makes of the evidence of a test, and the test is named.

## What it passes

${passed.map(bodyOfRun).join('\n\n')}

## What it refuses, and what it remarks on

${sections.join('\n\n')}
`
}

/** The page with the sections of these runs and tests made anew. */
export function withRuns(page: string, runs: readonly GateRun[], shownByTest: readonly ShownByTest[]): string {
  const anew = new Map([
    ...shownByTest.map((shown) => [shown.code, sectionOfTest(shown)] as const),
    ...runs.map((run) => [run.gateCase.code ?? '', sectionOfRun(run)] as const),
  ])
  return page
    .split(/^(?=### )/m)
    .map((section) => {
      const made = anew.get(/^### (\S+)/.exec(section)?.[1] ?? 'head')
      return made === undefined ? section : `${made}\n${section.endsWith('\n\n') ? '\n' : ''}`
    })
    .join('')
}

function sectionOfRun(run: GateRun): string {
  const code = run.gateCase.code ?? ''
  return `### ${code}\n\n${bodyOfRun(run)}\n\n${meaning(code)}`
}

function bodyOfRun({ gateCase, commands, exitCode, printed, attempt, isAsWanted }: GateRun): string {
  const tries = attempt === 1 || !isAsWanted ? '' : ` Attempt ${attempt}: before, this machine had other things to do.`
  const outcome = isAsWanted ? '' : gateCase.quietOnly === true ? notQuiet(gateCase.kind) : AMISS
  const lines = [
    ...commands.map((command) => `$ ${command}`),
    ...printed.map((line) => line.trimEnd()),
    '$ echo $?',
    exitCode === null ? 'killed' : String(exitCode),
  ]
  return `${gateCase.story}${tries}${outcome}\n\n\`\`\`console\n${lines.join('\n')}\n\`\`\``
}

function notQuiet(kind: string): string {
  return ` On a quiet machine it is ${kind}; this one had other things to do:`
}

function sectionOfTest({ code, story, test, evidence }: ShownByTest): string {
  const said = evidence === null ? '' : `\n\n\`\`\`text\n${verdictText(judge(evidence))}\n\`\`\``
  const where = `By test, \`${test}\`.`
  return `### ${code}\n\n${where} ${story}${said}\n\n${meaning(code)}`
}

/** `invalid: sends left 12 ms late (generator-lag: 12.1, limit 5)`. */
function verdictText({ kind, reasons }: Verdict): string {
  return `${kind}: ${reasons.map(reasonText).join('; ')}`
}

function meaning(code: string): string {
  const place = helpFor(code)?.replace('docs/method/', '')
  return place === undefined ? '' : `[What it means](${place}).`
}
