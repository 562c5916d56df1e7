import { mkdtempSync, readdirSync, rmSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadResult } from '../../../src/result/load-result.ts'
import type { Result, Verdict } from '../../../src/result/result.ts'
import { VERDICT_RANK } from '../../../src/run/verdict/judge.ts'
import { startCommand } from './command.ts'
import { disturb } from './disturb.ts'
import type { GateCase } from './gate-case.ts'
import { quoted, startPeer } from './start-peer.ts'

/** What a case came to. */
export interface GateRun {
  readonly gateCase: GateCase
  /** Commands as a user would type them, in order; the last one's output follows. */
  readonly commands: readonly string[]
  readonly exitCode: number | null
  /** The lines of the output that are about the cell: table, verdict, where it is explained; or why there is none. */
  readonly printed: readonly string[]
  readonly verdict: Verdict | null
  /** From 1. */
  readonly attempt: number
  /** Whether it came out as the case says. */
  readonly isAsWanted: boolean
}

/** On a busy machine the gate finds more to say than what was provoked, and what should pass may not. */
const ATTEMPTS_MAX = 2

/** Runs the case until it comes out as wanted, or too often. */
export async function runGateCase(gateCase: GateCase): Promise<GateRun> {
  for (let attempt = 1; ; attempt++) {
    const run = await runOnce(gateCase, attempt)
    if (run.isAsWanted || attempt === ATTEMPTS_MAX) return run
  }
}

async function runOnce(gateCase: GateCase, attempt: number): Promise<GateRun> {
  const folder = mkdtempSync(join(tmpdir(), 'brokermark-gate-'))
  const peer = gateCase.peer === undefined ? null : await startPeer(gateCase.peer, folder)
  try {
    const wordsOf = (words: readonly string[]): readonly string[] => [
      'run',
      ...words.map((word) => (word === 'TARGET' ? (peer?.target ?? word) : word)),
      ...(gateCase.floor === true ? [] : ['--no-floor']),
    ]
    const before = (gateCase.before ?? []).map(wordsOf)
    for (const words of before) await startCommand(words, join(folder)).ended
    rmSync(join(folder, 'results'), { recursive: true, force: true })
    const words = wordsOf(gateCase.words)
    const { exitCode, stdout, stderr } = await runDisturbed(words, gateCase, folder)
    const result = resultIn(join(folder, 'results'))
    return {
      gateCase,
      commands: [
        ...(peer?.shown == null ? [] : [`${peer.shown} &`]),
        ...[...before, words].map((some) => `brokermark ${some.map(quoted).join(' ')}`),
      ],
      exitCode,
      printed: linesAboutCell(stdout, stderr, gateCase.code),
      verdict: result?.cells[0]?.verdict ?? null,
      attempt,
      isAsWanted: isAsWanted(gateCase, result),
    }
  } finally {
    await peer?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runDisturbed(
  words: readonly string[],
  { disturbance }: GateCase,
  folder: string,
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const { child, ended, stdout, stderr } = startCommand(words, folder)
  const settle = disturbance === undefined ? null : disturb(child, disturbance)
  try {
    const exitCode = await ended
    return { exitCode, stdout: stdout(), stderr: stderr() }
  } finally {
    await settle?.()
  }
}

function resultIn(results: string): Result | null {
  const [runId] = existsSync(results) ? readdirSync(results) : []
  return runId === undefined ? null : loadResult(join(results, runId))
}

/** Has the reason, and is at least as bad as it makes a cell: beside it there may be others, which outrank it. */
function isAsWanted({ code, kind }: GateCase, result: Result | null): boolean {
  const verdicts = (result?.cells ?? []).map((cell) => cell.verdict)
  if (code === null) return verdicts.every((verdict) => verdict.kind === kind && verdict.reasons.length === 0)
  if (!verdicts.some((verdict) => VERDICT_RANK.indexOf(verdict.kind) <= VERDICT_RANK.indexOf(kind))) return false
  const reasons = [
    ...verdicts.flatMap((verdict) => verdict.reasons),
    ...(result?.points ?? []).flatMap(({ flags }) => flags),
  ]
  return kind === 'interrupted' || reasons.some((reason) => reason.code === code)
}

/** The tables of cells with their notes, or whatever is about the reason; where there is none, what was said instead. */
function linesAboutCell(stdout: string, stderr: string, code: string | null): readonly string[] {
  const blocks = stdout.split('\n\n')
  const ofCells = blocks.filter((block) => block.startsWith('Cell by cell'))
  const isAboutCode = (block: string): boolean => code !== null && new RegExp(`\\(${code}[:)]|#${code}\\b`).test(block)
  const isElsewhere = code !== null && !ofCells.some(isAboutCode)
  const shown = isElsewhere ? blocks.filter((block) => isAboutCode(block) || ofCells.includes(block)) : ofCells
  const said = stderr.split('\n').filter((line) => /^(?:brokermark:|interrupted|warning:)/.test(line))
  return [...said, ...shown.flatMap((block, place) => (place === 0 ? [] : ['']).concat(block.trimEnd().split('\n')))]
}
