/** `brokermark list`: workloads that ship, drivers with what they can, runs in the results folder. */
import fs from 'node:fs'
import { driverKeys, loadDriver } from '../driver/registry.ts'
import { listRuns, type RunSummary } from '../result/load-result.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { CliContext } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { shippedWorkloads } from './shipped-files.ts'
import { capabilityWords } from './preflight.ts'

export const LIST_SUBJECTS = ['workloads', 'drivers', 'runs'] as const
export type ListSubject = (typeof LIST_SUBJECTS)[number]

export interface ListFlags {
  readonly results: string
  readonly json?: boolean
}

interface WorkloadLine {
  readonly name: string
  readonly question: string
  readonly cells: number
}

interface DriverLine {
  readonly protocol: string
  readonly client: string
  readonly version: string
  readonly capabilities: readonly string[]
}

/** @param subject one of the three; undefined lists all. */
export async function list(subject: ListSubject | undefined, flags: ListFlags, context: CliContext): Promise<ExitCode> {
  const wanted = (one: ListSubject): boolean => subject === undefined || subject === one
  const workloads = wanted('workloads') ? workloadLines() : null
  const drivers = wanted('drivers') ? await driverLines() : null
  const runs = wanted('runs') ? listRuns(flags.results) : null
  if (flags.json === true) {
    const given = Object.entries({ workloads, drivers, runs }).filter(([, lines]) => lines !== null)
    context.stdout.write(`${JSON.stringify(Object.fromEntries(given), null, 2)}\n`)
    return EXIT.fine
  }
  const parts = [
    ...(workloads === null ? [] : [section('Workloads', workloads.map(workloadText))]),
    ...(drivers === null ? [] : [section('Drivers', drivers.map(driverText))]),
    ...(runs === null ? [] : [section(`Runs in ${flags.results}`, runs.map(runText))]),
  ]
  context.stdout.write(parts.join('\n'))
  return EXIT.fine
}

function workloadLines(): readonly WorkloadLine[] {
  return [...shippedWorkloads()].map(([name, path]) => {
    const parsed = parseWorkload({ text: fs.readFileSync(path, 'utf8'), fallbackName: name, overrides: [] })
    if (parsed.kind === 'problems') return { name, question: 'cannot be read', cells: 0 }
    const { question, messageBytes, crews, variants } = parsed.workload
    return { name, question: question ?? '', cells: messageBytes.length * crews.length * variants.length }
  })
}

async function driverLines(): Promise<readonly DriverLine[]> {
  const lines: DriverLine[] = []
  for (const { protocol, client } of driverKeys()) {
    const driver = await loadDriver(protocol, client)
    const { clientVersion, capabilities } = driver
    lines.push({ protocol, client, version: clientVersion, capabilities: capabilityWords(capabilities) })
  }
  return lines
}

function section(title: string, lines: readonly string[]): string {
  const content = lines.length === 0 ? ['(none)'] : lines
  return `${title}\n${content.map((line) => `  ${line}`).join('\n')}\n`
}

function workloadText({ name, question, cells }: WorkloadLine): string {
  return `${name.padEnd(18)} ${String(cells).padStart(3)} ${cells === 1 ? 'cell ' : 'cells'}  ${question}`
}

function driverText({ protocol, client, version, capabilities }: DriverLine): string {
  return `${protocol.padEnd(8)} ${client.padEnd(7)} ${version.padEnd(21)} ${capabilities.join(', ')}`
}

function runText(run: RunSummary): string {
  if (run.kind === 'unreadable') return `${run.folder}: ${run.why}`
  const cells = `${run.cellsStored} of ${run.cellsPlanned} cells`
  return `${run.runId}  ${run.status.padEnd(11)}  ${cells.padEnd(16)}  ${run.createdAt}`
}
