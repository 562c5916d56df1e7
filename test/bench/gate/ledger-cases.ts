/** What the gate refuses for what became of the messages (docs/method/ledger.md). */
import { beside, pairFor, typed, UNWARMED, type GateCase } from './gate-case.ts'

/** A closed model of ten in flight for two seconds on the broker inside with these switches. */
function inside(switches: string, ...more: readonly string[]): readonly string[] {
  return ['--target', `embedded:?${switches}`, '-c', '10', ...pairFor(2, 0.5), ...more]
}

const EXACTLY_ONCE = ['--set', 'delivery.guarantee=exactly-once'] as const
const NAMED = typed('--set destination.name=orders --set destination.layout=shared --set destination.declare=false')
const ONTO_PEER = ['--target', 'TARGET', ...UNWARMED] as const

export const LEDGER_CASES: readonly GateCase[] = [
  {
    code: 'lossy',
    kind: 'invalid',
    story: 'A broker that confirms every 100th message and throws it away.',
    words: inside('dropEvery=100'),
  },
  {
    code: 'duplicated',
    kind: 'invalid',
    story: 'A broker that delivers every 100th message twice, where exactly once was promised.',
    words: inside('duplicateEvery=100', ...EXACTLY_ONCE),
  },
  {
    code: 'late',
    kind: 'invalid',
    story: 'A broker that lets every 100th message be overtaken by the next 5, where order was promised.',
    words: inside('reorderEvery=100&reorderBy=5', '--set', 'delivery.ordered=true'),
  },
  {
    code: 'corrupt',
    kind: 'invalid',
    story: 'A broker that changes a byte of every 100th message.',
    words: inside('corruptEvery=100'),
  },
  {
    code: 'not-drained',
    kind: 'indeterminate',
    story: 'A broker that confirms the first 20 messages and keeps them back for a minute; the drain may take 2 s.',
    words: inside('holdBack=20&holdBackMs=60000', '--set', 'phases.drainSeconds=2'),
  },
  {
    code: 'unexpected',
    kind: 'invalid',
    story: 'An earlier run left its messages in the queue: it had producers and no consumer.',
    peer: beside(),
    before: [[...ONTO_PEER, ...typed('-x 1 -y 0 -C 50 -c 10 --set phases.warmupSeconds=0'), ...NAMED]],
    words: [...ONTO_PEER, '-c', '10', ...pairFor(2, 0.5), ...NAMED],
  },
  {
    code: 'refused',
    kind: 'invalid',
    story:
      'RabbitMQ, a queue of at most one message that refuses what is beyond, a consumer that takes one at a time, and 100 in flight.',
    peer: { kind: 'broker', named: 'rabbitmq', scheme: 'amqp091', login: 'guest:guest@' },
    words: [
      ...[...ONTO_PEER, '-c', '100', '-q', '1', ...pairFor(2, 0.5)],
      ...typed('--set destination.arguments.x-max-length=1 --set destination.arguments.x-overflow=reject-publish'),
    ],
  },
]
