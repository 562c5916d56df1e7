/** The command line as a commander program: only what is built, each command with one example. */
import { Command, CommanderError } from 'commander'
import { UsageError } from '../workload/problem.ts'
import { broker, STARTABLE_BROKERS } from './broker.ts'
import { calibrate, type CalibrateFlags } from './calibrate.ts'
import type { CliContext } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { list, LIST_SUBJECTS, type ListFlags, type ListSubject } from './list.ts'
import { toolVersion } from '../run/tool-version.ts'
import { report, type ReportFlags } from './report.ts'
import { run } from './run.ts'
import type { RunFlags } from './run-flags.ts'
import { suggestion } from '../workload/nearest.ts'

/**
 * Runs one command line, without the program's own name in it.
 * @returns the exit code; @throws UsageError for anything that is not understood, and whatever the command throws.
 */
export async function runProgram(words: readonly string[], context: CliContext): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.fine
  const program = buildProgram(context, (code) => (exitCode = code))
  if (words.length === 0) {
    context.stderr.write(program.helpInformation())
    return EXIT.usage
  }
  try {
    await program.parseAsync([...words], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    if (thrown.exitCode !== 0) throw new UsageError([{ path: '', text: sentenceOf(thrown, program, words) }])
  }
  return exitCode
}

function buildProgram(context: CliContext, done: (exitCode: ExitCode) => void): Command {
  const program = new Command('brokermark')
    .description('Measures message brokers: message sizes x concurrencies, TPS beside broker CPU, latency percentiles.')
    .version(toolVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // Errors are printed once, by main.
      writeErr: () => undefined,
      getOutHelpWidth: () => context.stdout.columns,
    })
    .addHelpText('after', '\nExample:\n  $ brokermark run quick')
  addRun(program, context, done)
  addReport(program, context, done)
  addCalibrate(program, context, done)
  addList(program, context, done)
  addBroker(program, context, done)
  for (const command of program.commands) command.helpOption('-h, --help', 'print help')
  return program
}

const PROFILES_HELP =
  'smoke (30 s a cell, not a measurement), standard (60 s, 5 repetitions: p99), tail (p99.9) or soak (hours: the first against the last)'

type Done = (exitCode: ExitCode) => void

function addRun(program: Command, context: CliContext, done: Done): void {
  program
    .command('run')
    .description('measure a workload on one or more targets')
    .argument('[workload]', 'YAML file, or the name of one that ships (see list); without it, the short flags')
    .option('-t, --target <url>', 'where to measure; again for several, side by side (default: embedded:)', append)
    .option(
      '--producer-target <url>',
      'where producers connect, with --consumer-target: another way to the same broker',
    )
    .option('--consumer-target <url>', 'where consumers connect')
    .option('-x, --producers <n>', 'producers; like all short flags, a comma list is an axis')
    .option('-y, --consumers <n>', 'consumers')
    .option('-s, --size <bytes>', 'message size in bytes, or 1KB')
    .option('-r, --rate <n>', 'messages per second over all producers (not each, as in PerfTest): makes the model open')
    .option('-c, --in-flight <n>', 'unconfirmed messages per producer')
    .option('-q, --prefetch <n>', 'unacknowledged messages per consumer')
    .option('-z, --time <seconds>', 'measured time')
    .option('-C, --messages <n>', 'measured messages per producer')
    .option('--profile <name>', PROFILES_HELP)
    .option('--set <path=value>', 'override any leaf of the workload, such as load.inFlight=100; repeatable', append)
    .option('--client <kind>', 'wire (ours) or library (what an application in Node would use)')
    .option('--threads <n>', 'generator threads (default: cores - 1)')
    .option('--name <name>', 'name of the run')
    .option('--user <name>', 'user for targets whose URL names none (or BROKERMARK_USERNAME)')
    .option('--password-file <path>', 'file with the password (or BROKERMARK_PASSWORD, BROKERMARK_PASSWORD_FILE)')
    .option('--broker-pid <pid>', "process whose CPU and memory are the broker's (default: found from the port)")
    .option('--broker-cgroup <path>', "cgroup whose CPU and memory are the broker's")
    .option('--results <folder>', 'folder of the results', './results')
    .option('--resume <runId>', 'measure what is missing of an earlier run')
    .option(
      '--no-floor',
      'do not measure first what the clients cost by themselves (see calibrate); --resume remembers it',
    )
    .option('--dry-run', 'print the cells and how long they will take, and measure nothing')
    .option('--json', 'print result.json on stdout, and nothing else there')
    .option('--quiet', 'print warnings and errors only')
    .addHelpText('after', '\nExample:\n  $ brokermark run mq.m5.2xlarge --target stomp://broker.example:61613')
    .action(async (file: string | undefined, flags: RunFlags) =>
      done(await run(file, { ...NONE_GIVEN, ...flags }, context)),
    )
}

function addReport(program: Command, context: CliContext, done: Done): void {
  program
    .command('report')
    .description('make tables, charts and report.html again from result files')
    .argument('<run...>', 'run ids, folders, or paths of a result.json')
    .option('--against <name>', 'put a published reference, or another run, beside the measured figures')
    .option('--results <folder>', 'folder of the results', './results')
    .option('--json', 'print result.json on stdout, and nothing else there')
    .option('--quiet', 'write the files and print nothing')
    .addHelpText('after', '\nExample:\n  $ brokermark report 20261121T101500Z-quick-3f2a --against mq.m5.2xlarge')
    .action(async (runs: string[], flags: ReportFlags) => done(await report(runs, flags, context)))
}

function addCalibrate(program: Command, context: CliContext, done: Done): void {
  program
    .command('calibrate')
    .description('measure the floor: what each client costs and carries on this host, on the embedded broker')
    .option('--protocol <names>', 'comma list of protocols (default: all)')
    .option('--client <kind>', 'wire or library (default: both)')
    .option('-s, --size <bytes>', 'message sizes of the plan, in bytes or 1KB (default: 1KB)')
    .option(
      '-r, --rate <n>',
      'messages per second of the plan: the floor is measured at 1.5 times that (default: 2000)',
    )
    .option('--force', 'measure again what is known')
    .option('--json', 'print the floors as JSON')
    .addHelpText('after', '\nExample:\n  $ brokermark calibrate --protocol stomp,mqtt -s 1KB,100KB -r 5000')
    .action(async (flags: CalibrateFlags) => done(await calibrate(flags, context)))
}

function addList(program: Command, context: CliContext, done: Done): void {
  program
    .command('list')
    .description('list workloads, drivers with their capabilities, and runs')
    .argument('[subject]', LIST_SUBJECTS.join(', ').replace(/, (\w+)$/, ' or $1') + ' (default: all three)', subjectOf)
    .option('--results <folder>', 'folder of the results', './results')
    .option('--json', 'print the list as JSON')
    .addHelpText('after', '\nExample:\n  $ brokermark list drivers')
    .action(async (subject: ListSubject | undefined, flags: ListFlags) => done(await list(subject, flags, context)))
}

function addBroker(program: Command, context: CliContext, done: Done): void {
  program
    .command('broker')
    .description('start a broker on this machine, print its target URLs, stop it on Ctrl-C; ends when the broker does')
    .argument('<product>', `${STARTABLE_BROKERS.join(', ')}; or embedded:?SWITCH=VALUE`)
    .addHelpText('after', '\nExample:\n  $ brokermark broker activemq')
    .action(async (product: string) => done(await broker(product, context)))
}

/** Flags that may come again and did not come at all. */
const NONE_GIVEN = { target: [], set: [] } as const

function append(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value]
}

function subjectOf(written: string): ListSubject {
  const subject = LIST_SUBJECTS.find((one) => one === written)
  if (subject !== undefined) return subject
  throw new UsageError([{ path: written, text: `unknown subject, ${suggestion(written, LIST_SUBJECTS)}` }])
}

/** Commander's sentence, with the nearest name of ours: `unknown option --tarjet, did you mean --target?`. */
function sentenceOf(error: CommanderError, program: Command, words: readonly string[]): string {
  const word = /'([^'=]*)[^']*'/.exec(error.message)?.[1] ?? ''
  const command = program.commands.find((one) => one.name() === words[0]) ?? program
  switch (error.code) {
    case 'commander.unknownOption': {
      const flags = command.options.flatMap((option) =>
        [option.long, option.short].filter((flag) => flag !== undefined),
      )
      return `unknown option ${word}, ${suggestion(word, [...flags, '--help'])}`
    }
    case 'commander.unknownCommand':
      return `unknown command ${word}, ${suggestion(word, namesOf(program))}`
    default:
      return error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
  }
}

function namesOf(program: Command): readonly string[] {
  return program.commands.map((command) => command.name())
}
