import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { test, type TestContext } from 'node:test'
import { askTargets } from '../../src/run/ask-targets.ts'
import type { RepetitionReport } from '../../src/run/repetition.ts'
import { runRepetition } from '../../src/run/run-repetition.ts'
import type { Cell } from '../../src/workload/cell.ts'
import { expand } from '../../src/workload/expand.ts'
import { parseTarget } from '../../src/workload/parse-target.ts'
import { parseWorkload } from '../../src/workload/parse-workload.ts'
import { resolveTarget } from '../../src/workload/resolve-target.ts'
import type { Target } from '../../src/workload/target.ts'

/** Far longer than a machine that stands still, and still an end where an interruption is not heard. */
const CONNECT_SECONDS = 30

/** A server that accepts every connection and never says a word. */
async function silentServer(context: TestContext): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume()
    context.after(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  return server
}

function planOf(url: string): { readonly targets: readonly Target[]; readonly cells: readonly [Cell, ...Cell[]] } {
  const parsedTarget = parseTarget(url)
  assert.ok(parsedTarget.kind === 'broker')
  const target = resolveTarget(parsedTarget, () => '', { username: null, password: null })
  const text = `{ connect: { timeoutSeconds: ${CONNECT_SECONDS} }, phases: { clientWarmupSeconds: 0 } }`
  const parsed = parseWorkload({ text, fallbackName: 'w', overrides: [] })
  assert.ok(parsed.kind === 'workload')
  const [cell] = expand(parsed.workload, [target], { defaultClient: () => 'wire', brokerWarmupGiven: false })
  assert.ok(cell !== undefined)
  return { targets: [target], cells: [cell] }
}

const PROTOCOLS = ['stomp', 'mqtt', 'amqp10', 'amqp091', 'openwire']

for (const protocol of PROTOCOLS) {
  test(`an interruption ends the asking of a ${protocol} target that accepts and says nothing`, async (context) => {
    const server = await silentServer(context)
    const interrupt = new AbortController()
    server.once('connection', () => interrupt.abort())
    const { port } = server.address() as AddressInfo
    // Had it waited, the target would have been called one that does not answer.
    assert.deepEqual(await askTargets(planOf(`${protocol}://127.0.0.1:${port}`), interrupt.signal), new Map())
  })
}

test('an interruption ends the wait for a target that has stopped answering since it was asked', async (context) => {
  const server = await silentServer(context)
  const interrupt = new AbortController()
  server.once('connection', () => interrupt.abort())
  const { port } = server.address() as AddressInfo
  const reports: RepetitionReport[] = []
  const plan = { ...planOf(`stomp://127.0.0.1:${port}`), threads: 1, brokerPid: null, brokerCgroup: null }
  const events = { tell: (report: RepetitionReport) => void reports.push(report), store: () => assert.fail('a cell') }
  await runRepetition({ ...plan, floors: null, orderFrom: 1 }, events, interrupt.signal)
  assert.deepEqual(
    reports.filter(({ kind }) => kind === 'unusable-target'),
    [],
  )
})
