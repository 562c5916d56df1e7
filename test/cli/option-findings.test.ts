import assert from 'node:assert/strict'
import { test } from 'node:test'
import { optionProblems } from '../../src/cli/option-findings.ts'
import type { ClientKind } from '../../src/driver/driver.ts'
import type { Cell } from '../../src/workload/cell.ts'
import { expand } from '../../src/workload/expand.ts'
import { parseWorkload } from '../../src/workload/parse-workload.ts'

function cellOf(text: string, client: ClientKind): Cell {
  const parsed = parseWorkload({ text, fallbackName: 'w', overrides: [] })
  assert.ok(parsed.kind === 'workload', JSON.stringify(parsed))
  const [cell] = expand(
    parsed.workload,
    [{ kind: 'embedded', label: 'target', protocol: 'mqtt', options: {}, faults: {} }],
    {
      defaultClient: () => client,
      brokerWarmupGiven: false,
    },
  )
  return cell ?? assert.fail('no cell')
}

const NOTHING_CONFIRMED =
  'delivery.confirm: MQTT confirms nothing at QoS 0: set delivery.confirm to false, with an open model, or qos=1 in the target'
const BY_ITSELF =
  'delivery.acknowledge: MQTT.js acknowledges by itself at QoS 2: set delivery.acknowledge to auto, client to wire, or qos=1 in the target'
const UNCONFIRMED = 'load: { model: open, ratePerSecond: 10 }\ndelivery: { confirm: false }'

for (const [yaml, client, qos, sentences] of [
  ['', 'wire', '0', [NOTHING_CONFIRMED]],
  ['', 'library', '0', [NOTHING_CONFIRMED]],
  ['matrix: { producers: 0 }', 'wire', '0', []],
  [UNCONFIRMED, 'wire', '0', []],
  ['', 'wire', '1', []],
  ['', 'wire', '2', []],
  ['', 'library', '2', [BY_ITSELF]],
  ['matrix: { consumers: 0 }', 'library', '2', []],
  ['delivery: { acknowledge: auto }', 'library', '2', []],
] as const) {
  const said = sentences.length === 0 ? 'nothing is refused' : 'refused before the run'
  test(`${said}: ?qos=${qos} by the ${client} client, ${yaml === '' ? 'all defaults' : yaml.replace('\n', ', ')}`, () => {
    const problems = optionProblems(cellOf(yaml, client), { qos })
    assert.deepEqual(
      problems.map(({ path, text }) => `${path}: ${text}`),
      sentences,
    )
  })
}
