/** Cells without figures (docs/method/failures.md). */
import { beside, pairFor, UNWARMED, type GateCase, type GatePeer } from './gate-case.ts'

const SHORT = [...UNWARMED, '-c', '10', ...pairFor(1, 0.5)] as const
const ONTO_PEER = ['--target', 'TARGET', ...SHORT] as const

function rabbitMq(login: string, scheme = 'amqp091'): GatePeer {
  return { kind: 'broker', named: 'rabbitmq', scheme, login }
}

export const FAILURE_CASES: readonly GateCase[] = [
  {
    code: 'no-messages',
    kind: 'failed',
    story: 'A rate of one message in 20 s, measured for one: nothing came due.',
    words: ['--target', 'embedded:', '-r', '0.05', ...pairFor(1, 0.5)],
  },
  {
    code: 'broker-closed',
    kind: 'failed',
    story: 'A broker that cuts the connection at the 500th message.',
    words: ['--target', 'embedded:?cutAfterMessages=500', '-c', '10', ...pairFor(2, 0)],
  },
  {
    code: 'broker-refused',
    kind: 'failed',
    story: 'Nobody listens on the port.',
    peer: { kind: 'nobody' },
    words: ONTO_PEER,
  },
  {
    code: 'broker-unreachable',
    kind: 'failed',
    story: 'A host name that does not exist.',
    words: ['--target', 'stomp://broker.invalid:61613', ...SHORT],
  },
  {
    code: 'broker-timeout',
    kind: 'failed',
    story: 'Something takes the connection and says nothing; one second is allowed.',
    peer: { kind: 'mute' },
    words: [...ONTO_PEER, '--set', 'connect.timeoutSeconds=1'],
  },
  {
    code: 'broker-wrong-protocol',
    kind: 'failed',
    story: 'A web server at the port.',
    peer: { kind: 'web-server' },
    words: ONTO_PEER,
  },
  {
    code: 'broker-protocol-error',
    kind: 'failed',
    story: 'Something that answers CONNECTED to whatever a client says.',
    peer: { kind: 'twice-connected' },
    words: ONTO_PEER,
  },
  {
    code: 'broker-resource-limit',
    kind: 'failed',
    story: 'Something that answers an MQTT 5 client as a full broker does: quota exceeded.',
    peer: { kind: 'over-quota' },
    words: ONTO_PEER,
  },
  {
    code: 'broker-authentication',
    kind: 'failed',
    story: 'RabbitMQ, and a wrong password.',
    peer: rabbitMq('guest:wrong@'),
    words: ONTO_PEER,
  },
  {
    code: 'broker-not-permitted',
    kind: 'failed',
    story: 'RabbitMQ, and a queue of a name that it keeps for itself.',
    peer: rabbitMq('guest:guest@'),
    words: [...ONTO_PEER, '--set', 'destination.name=amq.mine'],
  },
  {
    code: 'broker-unsupported',
    kind: 'failed',
    story: 'RabbitMQ, and transactions over AMQP 1.0, which it does not have.',
    peer: rabbitMq('guest:guest@', 'amqp10'),
    words: [...ONTO_PEER, '--set', 'delivery.transactionMessages=5'],
  },
  {
    code: 'broker-untrusted-certificate',
    kind: 'failed',
    story: 'A broker with a certificate that no authority signed.',
    peer: { kind: 'untrusted-broker' },
    words: ONTO_PEER,
  },
  {
    code: 'interrupted',
    kind: 'interrupted',
    story: 'Ctrl-C in the second second.',
    peer: beside(),
    words: ['--target', 'TARGET', ...UNWARMED, '-c', '10', ...pairFor(10)],
    disturbance: { kind: 'interrupt', afterMs: 3_500 },
  },
  {
    code: 'client-process-died',
    kind: 'failed',
    story: 'Two repetitions, each in a process of its own; that of the first is killed in the midst of it (SIGKILL).',
    peer: beside(),
    words: ['--target', 'TARGET', ...UNWARMED, '-c', '10', ...pairFor(4), '--set', 'phases.repeats=2'],
    disturbance: { kind: 'kill-client', afterMs: 4_000 },
  },
]
