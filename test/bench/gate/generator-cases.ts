/** The gate's run that it passes, and what it refuses for the generator's sake (docs/method/generator.md, floor.md and others). */
import { beside, pairFor, UNWARMED, type GateCase } from './gate-case.ts'

const ONTO_PEER = ['--target', 'TARGET', ...UNWARMED] as const

export const GENERATOR_CASES: readonly GateCase[] = [
  {
    code: null,
    kind: 'valid',
    story: 'A closed model of 25 pairs on the broker inside, as `npm start` has it.',
    words: ['--target', 'embedded:', '-x', '25', '-y', '25', '-c', '1', '-z', '5', '--set', 'phases.warmupSeconds=1'],
  },
  {
    code: null,
    kind: 'valid',
    story:
      'An open model of 500 messages per second on the embedded broker in a process of its own, ten seconds, each judged.',
    peer: beside(),
    quietOnly: true,
    words: [...ONTO_PEER, '-r', '500', '-c', '1000', ...pairFor(10, 2)],
  },
  {
    code: 'generator-lag',
    kind: 'invalid',
    story: 'The process of the generator is stopped (SIGSTOP) for 200 ms of every 2 s. The broker is not.',
    peer: beside(),
    words: [...ONTO_PEER, '-r', '500', '-c', '1000', ...pairFor(10)],
    disturbance: { kind: 'freeze', forMs: 200, everyMs: 2_000, fromMs: 3_000 },
  },
  {
    code: 'send-rate',
    kind: 'invalid',
    story:
      'The process of the generator is stopped for 300 ms of every 700, so that now and then a second ends meanwhile.',
    peer: beside(),
    words: [...ONTO_PEER, '-r', '500', '-c', '1000', ...pairFor(10)],
    disturbance: { kind: 'freeze', forMs: 300, everyMs: 700, fromMs: 3_000 },
  },
  {
    code: 'generator-bound',
    kind: 'invalid',
    story:
      'A closed model with 500 small messages in flight by the client library for STOMP, on a broker that does next to nothing: it is the client that sets the rate.',
    peer: beside(),
    quietOnly: true,
    words: [...ONTO_PEER, '--client', 'library', '-c', '500', '-s', '64', ...pairFor(6), '--threads', '1'],
  },
  {
    code: 'event-loop',
    kind: 'invalid',
    story: 'Eight processes that compute without rest share the cores with the generator.',
    peer: beside(),
    words: [...ONTO_PEER, '-r', '2000', '-c', '1000', ...pairFor(5)],
    disturbance: { kind: 'neighbours', processes: 8, fromMs: 0 },
  },
  {
    code: 'garbage-collection',
    kind: 'invalid',
    story:
      'The client library for STOMP beside six processes that compute: its collector is interrupted, and pauses for longer.',
    peer: beside(),
    quietOnly: true,
    words: [...ONTO_PEER, '--client', 'library', '-r', '300', '-c', '1000', ...pairFor(10)],
    disturbance: { kind: 'neighbours', processes: 6, fromMs: 0 },
  },
  {
    code: 'skipped-slots',
    kind: 'invalid',
    story:
      'A broker that stalls for 300 ms of every second, at most 10 messages in flight, and the catch-up policy that leaves out what comes due meanwhile.',
    words: [
      '--target',
      'embedded:?stallMs=300&stallEveryMs=1000',
      '-r',
      '500',
      '-c',
      '10',
      ...pairFor(3),
      '--set',
      'load.catchUp=skip',
    ],
  },
  {
    code: 'coordinated',
    kind: 'valid',
    story: 'A broker that stalls for 500 ms of every 5 s, 2,000 messages per second, at most 32 in flight.',
    words: [
      '--target',
      'embedded:?stallMs=500&stallEveryMs=5000&serviceMicros=60',
      '-r',
      '2000',
      '-c',
      '32',
      ...pairFor(5, 0),
    ],
  },
  {
    code: 'below-floor',
    kind: 'valid',
    story:
      'The floor is measured first, then the same harness on the same kind of broker: there is nothing but the floor to be seen.',
    peer: beside(),
    words: [...ONTO_PEER, '-c', '1', ...pairFor(3)],
    floor: true,
  },
  {
    code: 'near-ceiling',
    kind: 'valid',
    story: 'The same with 100 in flight, which is what the ceiling was measured with.',
    peer: beside(),
    words: [...ONTO_PEER, '-c', '100', ...pairFor(3)],
    floor: true,
  },
  {
    code: 'unsustainable-rate',
    kind: 'unsustainable',
    story: 'A broker that carries 500 messages per second is offered 800.',
    words: [
      '--target',
      'embedded:?capacityPerSecond=500',
      '-r',
      '800',
      '-c',
      '100000',
      ...pairFor(12),
      '--set',
      'phases.drainSeconds=30',
    ],
  },
  {
    code: 'not-steady',
    kind: 'not-steady',
    story: 'A load that rises from 100 to 300 messages per second for as long as it is measured.',
    long: true,
    words: ['--target', 'embedded:', '-r', '100', '-c', '1000', ...pairFor(52), '--set', 'load.arrivals.ramp=300'],
  },
  {
    code: 'warm-up-too-short',
    kind: 'not-steady',
    story: 'A load of 100 messages per second for 15 s and of 300 from then on, and a warm-up of 1 s.',
    long: true,
    words: [
      ...['--target', 'embedded:', '-r', '100', '-c', '1000', ...pairFor(60), '--set'],
      'load.arrivals={steps: [{ratePerSecond: 100, seconds: 15}, {ratePerSecond: 300, seconds: 60}]}',
    ],
  },
  {
    code: 'smoke',
    kind: 'valid',
    story: 'The profile that only asks whether it works.',
    words: ['--target', 'embedded:', '--profile', 'smoke', '-c', '10', ...pairFor(2)],
  },
  {
    code: 'too-few-messages',
    kind: 'valid',
    story: 'The profile that claims a p99, in a minute of 100 messages per second.',
    long: true,
    words: [
      ...['--target', 'embedded:', '--profile', 'standard', '-r', '100', '-c', '1000', ...pairFor(60)],
      ...['--set', 'phases.repeats=1', '--set', 'phases.sentinel=off'],
    ],
  },
  {
    code: 'noisy',
    kind: 'valid',
    story: 'Three repetitions of a closed model; after some seconds eight processes that compute without rest join in.',
    words: ['--target', 'embedded:', '-c', '10', ...pairFor(3), '--set', 'phases.repeats=3'],
    disturbance: { kind: 'neighbours', processes: 8, fromMs: 7_000 },
  },
]
