import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClientKind, Protocol } from '../../../src/driver/driver.ts'
import { driversTable } from './drivers-table.ts'
import type { Cost } from './exchange.ts'
import type { Row } from './measure-broker.ts'

const cost = (cpuMicrosPerMessage: number): Cost => ({
  cpuMicrosPerMessage,
  messagesPerSecond: 1000,
  sleepsPerMessage: 1,
  traffic: null,
})

function row(protocol: Protocol, client: ClientKind, costs: Row['costs'], floors: readonly Cost[] = []): Row {
  return { subject: { broker: 'embedded', protocol, client }, costs, floors, refusal: null, failure: null }
}

function goalTexts(rows: readonly Row[]): readonly string[] {
  const [first = []] = driversTable(rows, [1, 100]).rows
  return first.slice(-3).map(({ text }) => text)
}

test('a goal is met at its limit, by the median, and the library is that of the same protocol', () => {
  const rows = [
    row('openwire', 'wire', new Map([[100, [cost(7), cost(8), cost(90)]]])),
    row('stomp', 'library', new Map([[100, [cost(999)]]])),
    row('openwire', 'library', new Map([[100, [cost(39)]]])),
  ]
  assert.deepEqual(goalTexts(rows), ['8.00 us, at most 8 us: met', '4.88x, at least 5x: missed', 'n/a'])
})

test('window 1 is set against the floor measured next to it, repetition by repetition', () => {
  const rows = [row('mqtt', 'wire', new Map([[1, [cost(12), cost(26), cost(39)]]]), [cost(10), cost(20), cost(30)])]
  assert.equal(goalTexts(rows)[2], '1.30x, at most 1.3x: met')
})

test('what is not spoken and what failed is told apart, with the reason under the table', () => {
  const spoken = row('amqp10', 'wire', new Map([[1, [cost(5)]]]))
  const { rows, remarks } = driversTable(
    [
      { ...spoken, failure: 'window 100: lost' },
      { ...spoken, costs: new Map(), refusal: 'hung up' },
    ],
    [1, 100],
  )
  const costTexts = rows.map((cells) => [cells[3]?.text, cells[5]?.text])
  assert.deepEqual(costTexts, [
    ['5.00 (5.00-5.00)', 'failed'],
    ['not spoken', 'not spoken'],
  ])
  assert.deepEqual(remarks, [
    'amqp10 by wire on embedded: failed at window 100: lost',
    'amqp10 by wire on embedded: not spoken, or refused: hung up',
  ])
})
