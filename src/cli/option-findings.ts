/** A cell held against the options of its target's URL. Pure: what a driver would refuse in the cell is said before the run. */
import type { Cell } from '../workload/cell.ts'
import type { Problem } from '../workload/problem.ts'

/**
 * @param cell at one end: of the producers, of the consumers, or both.
 * @param options of the protocol, from the target's URL.
 */
export function optionProblems(cell: Cell, options: Readonly<Record<string, string>>): readonly Problem[] {
  if (cell.protocol !== 'mqtt') return []
  const { client, crew, delivery } = cell
  const problems: Problem[] = []
  if (options['qos'] === '0' && crew.producers > 0 && delivery.confirm) {
    const text =
      'MQTT confirms nothing at QoS 0: set delivery.confirm to false, with an open model, or qos=1 in the target'
    problems.push({ path: 'delivery.confirm', text })
  }
  const answersByItself = options['qos'] === '2' && client === 'library'
  if (answersByItself && crew.consumers > 0 && delivery.acknowledge.kind !== 'auto') {
    const text =
      'MQTT.js acknowledges by itself at QoS 2: set delivery.acknowledge to auto, client to wire, or qos=1 in the target'
    problems.push({ path: 'delivery.acknowledge', text })
  }
  return problems
}
