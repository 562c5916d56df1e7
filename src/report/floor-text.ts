/** The floor beside the figures that it is the floor of: what the harness costs and carries by itself. Pure. */
import type { CellResult, Floor } from '../result/result.ts'
import { countText, millisecondsText, rateText, sizeText } from './number-text.ts'

/** One sentence for each floor among the cells; none where there is none. */
export function floorRemarks(cells: readonly Pick<CellResult, 'floor'>[]): string[] {
  const floors = cells.flatMap(({ floor }) => floor ?? [])
  const ceilings = new Map<string, number[]>()
  for (const floor of floors) {
    const sentence = latencies(floor)
    ceilings.set(sentence, [...(ceilings.get(sentence) ?? []), floor.ceilingPerSecond])
  }
  return [...ceilings].map(([sentence, of]) => `${sentence}; ceiling ${range(of)} messages/s, by threads of the cell.`)
}

function latencies({ metric, p50Us, p99Us, p999Us, messageBytes, ratePerSecond }: Floor): string {
  const figures = [p50Us, p99Us, p999Us].map((us) => (us === null ? 'n/a' : millisecondsText(us))).join('/')
  const path = metric === 'endToEnd' ? 'end to end' : 'publish to confirm'
  return `Floor: p50/p99/p99.9 ${figures} ms, this client's service latency ${path} on the broker inside brokermark (${sizeText(messageBytes)} at ${rateText(ratePerSecond)}/s)`
}

function range(figures: readonly number[]): string {
  const low = countText(Math.min(...figures))
  const high = countText(Math.max(...figures))
  return low === high ? low : `${low} to ${high}`
}
