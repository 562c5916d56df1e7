/** From target URLs to Targets: the edge to the environment's credentials and to the files of certificates. */
import fs from 'node:fs'
import { systemReason } from '../result/system-reason.ts'
import { parseTarget } from '../workload/parse-target.ts'
import { UsageError, type Problem } from '../workload/problem.ts'
import { filesOf, resolveTarget, type Credentials } from '../workload/resolve-target.ts'
import type { Target } from '../workload/target.ts'

export interface CredentialSource {
  /** `--user` */
  readonly user: string | undefined
  /** `--password-file` */
  readonly passwordFile: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface GatheredTargets {
  readonly targets: readonly Target[]
  /** What was accepted and has no effect, one sentence each. */
  readonly notes: readonly string[]
}

/** @throws UsageError with every problem of every target at once. */
export function gatherTargets(urls: readonly string[], source: CredentialSource): GatheredTargets {
  const problems: Problem[] = []
  const credentials = readCredentials(source, problems)
  const targets: Target[] = []
  const notes: string[] = []
  for (const url of urls) {
    const parsed = parseTarget(url)
    if (parsed.kind === 'problems') problems.push(...parsed.problems)
    else if (parsed.kind !== 'broker') targets.push(parsed)
    else {
      notes.push(...parsed.notes)
      const texts = readFiles(filesOf(parsed), parsed.label, problems)
      targets.push(resolveTarget(parsed, (path) => texts.get(path) ?? '', credentials))
    }
  }
  problems.push(...repeatedTargets(targets))
  if (problems.length > 0) throw new UsageError(problems)
  return { targets, notes }
}

/** Flags before environment. A password is never a flag: shells keep a history, and `ps` shows it to everybody. */
function readCredentials(source: CredentialSource, problems: Problem[]): Credentials {
  const { environment } = source
  const fileFlag = source.passwordFile
  const file = fileFlag ?? environment['BROKERMARK_PASSWORD_FILE']
  const useFile = fileFlag !== undefined || environment['BROKERMARK_PASSWORD'] === undefined
  const at = fileFlag === undefined ? 'BROKERMARK_PASSWORD_FILE' : '--password-file'
  return {
    username: source.user ?? environment['BROKERMARK_USERNAME'] ?? null,
    password:
      useFile && file !== undefined ? readPassword(file, at, problems) : (environment['BROKERMARK_PASSWORD'] ?? null),
  }
}

function readPassword(path: string, at: string, problems: Problem[]): string | null {
  const text = readText(path, at, problems)
  // Editors end the last line; a password does not.
  return text === null ? null : text.replace(/\r?\n$/, '')
}

function readFiles(paths: readonly string[], label: string, problems: Problem[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const path of paths) {
    const text = readText(path, label, problems)
    if (text === null) continue
    if (text.includes('-----BEGIN')) texts.set(path, text)
    else problems.push({ path: label, text: `${path} is no PEM file: it has no -----BEGIN line` })
  }
  return texts
}

function readText(path: string, at: string, problems: Problem[]): string | null {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch (cause) {
    problems.push({ path: at, text: `cannot read ${path}: ${systemReason(cause)}` })
    return null
  }
}

function repeatedTargets(targets: readonly Target[]): readonly Problem[] {
  const labels = targets.map((target) => target.label)
  const repeated = new Set(labels.filter((label, index) => labels.indexOf(label) !== index))
  return [...repeated].map((label) => ({ path: '--target', text: `${label} is named twice` }))
}
