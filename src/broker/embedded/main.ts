/** Entry of the embedded broker's own process; started by `launchEmbedded` with a channel, and gone when that closes. */
import { existsSync, readFileSync } from 'node:fs'
import { UsageError } from '../../workload/problem.ts'
import { RealAlarm } from './alarm.ts'
import { EmbeddedBroker } from './embedded-broker.ts'
import type { FromEmbedded, ToEmbedded } from './embedded-messages.ts'
import { parseEmbeddedSettings } from './embedded-settings.ts'
import { listen } from './listeners.ts'

let broker: EmbeddedBroker | null = null

process.on('disconnect', () => process.exit())
// Ctrl-C in a terminal reaches the whole group; the broker must outlive the harness's orderly end.
process.on('SIGINT', () => undefined)
process.on('message', (message: ToEmbedded) => {
  switch (message.kind) {
    case 'start':
      void start(message.switches)
      return
    case 'faultCounts':
      if (broker !== null) answer({ kind: 'faultCounts', counts: broker.faultCounts() })
      return
    case 'stop':
      process.exit()
  }
})

async function start(switches: Readonly<Record<string, string>>): Promise<void> {
  try {
    broker = new EmbeddedBroker(parseEmbeddedSettings(switches), new RealAlarm())
    answer({ kind: 'listening', ports: await listen(broker, `brokermark-embedded/${version()}`) })
  } catch (error) {
    if (error instanceof UsageError) answer({ kind: 'refused', problems: error.problems })
    else answer({ kind: 'failed', text: error instanceof Error ? error.message : String(error) })
  }
}

function answer(message: FromEmbedded): void {
  process.send?.(message)
}

/** Of brokermark: from the nearest package.json above, wherever the build lies. */
function version(): string {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    const file = new URL('package.json', folder)
    if (existsSync(file)) {
      const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'))
      if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version)
    }
    if (folder.pathname === '/') return '0'
  }
}
