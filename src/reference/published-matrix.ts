/**
 * The CSV of AWS's published throughput figures as data: `instance,vcpu,csad,size_kb,pairs,tps,cpu_pct` after comment
 * lines that begin with `#`. Pure.
 */
export interface PublishedCell {
  readonly sizeKilobytes: number
  readonly pairs: number
  /** Messages per second. */
  readonly tps: number
  /** Broker CPU, 0 to 100 of the whole instance. */
  readonly cpuPercent: number
}

/** One published table: an instance type with concurrentStoreAndDispatchQueues on or off. */
export interface PublishedTable {
  readonly instance: string
  readonly vcpu: number
  readonly concurrentStoreAndDispatch: boolean
  readonly cells: readonly PublishedCell[]
}

const columns = 'instance,vcpu,csad,size_kb,pairs,tps,cpu_pct'

/**
 * @param text the whole CSV file.
 * @returns the tables in the order of the file.
 * @throws Error naming the line that is not as expected.
 */
export function publishedTables(text: string): PublishedTable[] {
  const lines = text.split('\n').map((line, index) => ({ number: index + 1, line: line.trim() }))
  const [head, ...rows] = lines.filter(({ line }) => line !== '' && !line.startsWith('#'))
  if (head?.line !== columns) throw new Error(`line ${head?.number ?? 1}: expected the columns ${columns}`)
  const tables = new Map<string, { vcpu: number; instance: string; csad: boolean; cells: PublishedCell[] }>()
  for (const { number, line } of rows) {
    const [instance = '', vcpu, csad, sizeKilobytes, pairs, tps, cpuPercent, ...rest] = line.split(',')
    const figures = [vcpu, sizeKilobytes, pairs, tps, cpuPercent].map(Number)
    if (
      rest.length > 0 ||
      figures.some((figure) => !Number.isFinite(figure)) ||
      (csad !== 'true' && csad !== 'false')
    ) {
      throw new Error(`line ${number}: not a row of ${columns}: ${line}`)
    }
    const [vcpuCount = 0, size = 0, pairCount = 0, rate = 0, cpu = 0] = figures
    const key = `${instance} ${csad}`
    const table = tables.get(key) ?? { vcpu: vcpuCount, instance, csad: csad === 'true', cells: [] }
    table.cells.push({ sizeKilobytes: size, pairs: pairCount, tps: rate, cpuPercent: cpu })
    tables.set(key, table)
  }
  return [...tables.values()].map(({ instance, vcpu, csad, cells }) => ({
    instance,
    vcpu,
    concurrentStoreAndDispatch: csad,
    cells,
  }))
}
