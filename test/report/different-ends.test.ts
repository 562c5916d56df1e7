import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cellsCsv } from '../../src/report/cells-csv.ts'
import { csv, tableCsvRows } from '../../src/report/csv.ts'
import { differenceReasons } from '../../src/report/difference-reasons.ts'
import { reportDocument } from '../../src/report/document.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { parseResult } from '../../src/result/parse-result.ts'
import type { Result } from '../../src/result/result.ts'
import { publishedResult } from '../../src/reference/published-result.ts'
import { assertGolden } from './golden.ts'
import { matrix, result, targetResult } from './result-builder.ts'

const STOMP = 'stomp://127.0.0.1:61613'
const OPENWIRE = 'openwire+ssl://127.0.0.1:61617'

/** OpenWire to STOMP by library, beside STOMP alone. */
function differentEnds(): Result {
  const target = `${OPENWIRE} -> ${STOMP}`
  const consumer = {
    target: STOMP,
    protocol: 'stomp',
    client: 'library',
    clientVersion: '@stomp/stompjs 7.5.0',
  } as const
  const mixed = matrix(target, [1024], [5, 10]).map((cell) => ({
    ...cell,
    protocol: 'openwire' as const,
    client: 'wire' as const,
    clientVersion: 'brokermark wire',
    consumer,
  }))
  return result([...mixed, ...matrix(STOMP, [1024], [5, 10])], {
    targets: [targetResult({ target, protocol: 'openwire' }), targetResult()],
  })
}

describe('a report of different ends', () => {
  test('shows both protocols and both clients, beside a target of one', () => {
    assertGolden('different-ends.txt', renderTerminal(differentEnds(), { colour: false, width: 100 }))
  })

  test('has both ends in every row of the cells and in the head of the table as CSV', () => {
    const [head = '', first = ''] = cellsCsv(differentEnds()).split('\r\n')
    const names = head.split(',')
    const values = first.split(',')
    const valueOf = (name: string): string | undefined => values[names.indexOf(name)]
    assert.deepEqual(
      ['target', 'protocol', 'client', 'consumerTarget', 'consumerProtocol', 'consumerClient'].map(valueOf),
      [`${OPENWIRE} -> ${STOMP}`, 'openwire', 'wire', STOMP, 'stomp', 'library'],
    )
    const [table] = reportDocument(differentEnds(), null).throughput.map((one) => csv(tableCsvRows(one)))
    assert.ok(table?.startsWith(`Message size,,${OPENWIRE} -> ${STOMP} 5,`), table)
  })

  test('keeps both through a result file', () => {
    const parsed = parseResult(JSON.parse(JSON.stringify(differentEnds())))
    assert.ok(parsed.kind === 'parsed', JSON.stringify(parsed))
    assert.deepEqual(parsed.value, differentEnds())
  })

  test('counts as the other protocol, and as not encrypted where one end is not', () => {
    const reference = publishedResult({ instance: 'mq.m5.large', vcpu: 2, concurrentStoreAndDispatch: true, cells: [] })
    const reasons = differenceReasons(differentEnds(), reference).join('\n')
    assert.match(reasons, /^Protocol: measured over STOMP; published over OpenWire\./m)
    assert.match(
      reasons,
      /^TLS: not used on openwire\+ssl:\/\/127\.0\.0\.1:61617 -> stomp:\/\/127\.0\.0\.1:61613, stomp/m,
    )
    assert.match(reasons, /^Client: measured with brokermark wire, @stomp\/stompjs 7\.5\.0 on Node/m)
  })
})
