import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { LaunchError } from './launched-broker.ts'

const run = promisify(execFile)

/** A program that is run to its end, and the Debian package that a user would install to have it. */
export interface Tool {
  readonly executable: string
  readonly debianPackage: string
}

/**
 * Runs a tool and returns what it wrote, both streams together.
 * @throws LaunchError `missing` with the command to type, or `failed` with what the tool said
 */
export async function runTool(
  tool: Tool,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const { stdout, stderr } = await run(tool.executable, [...args], { env: { ...process.env, ...env } })
    return stdout + stderr
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') throw notInstalled(tool)
    const said = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr).trim() : String(thrown)
    throw new LaunchError('failed', `${tool.executable} ${args[0] ?? ''} failed: ${said}`, { cause: thrown })
  }
}

export function notInstalled(tool: Tool): LaunchError {
  return new LaunchError(
    'missing',
    `${tool.executable} is not installed; on Debian: apt-get install --no-install-recommends ${tool.debianPackage}`,
  )
}
