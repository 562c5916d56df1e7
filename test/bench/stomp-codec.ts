/** What the STOMP codec costs per frame of 1 KB, in CPU of this process. Run: `node test/bench/stomp-codec.js`. */
import { MessageTemplate } from '../../src/protocol/stomp/message-template.ts'
import { StompParser } from '../../src/protocol/stomp/parser.ts'
import { SendTemplate } from '../../src/protocol/stomp/send-template.ts'

const FRAMES = 1_000_000
const PER_CHUNK = 100
const RECEIPT = new TextEncoder().encode('receipt')
const body = new Uint8Array(1024).fill(120)
const chunk = Buffer.alloc(256 * 1024)
let sum = 0

function measure(name: string, run: (frames: number) => void): void {
  run(FRAMES / 4)
  const before = process.cpuUsage()
  run(FRAMES)
  const used = process.cpuUsage(before)
  console.log(`${name}: ${((used.user + used.system) / FRAMES).toFixed(3)} us`)
}

const send = new SendTemplate({ destination: '/queue/bench-1', persistent: 'true' }, true)
measure('encode SEND', (frames) => {
  let at = 0
  for (let frame = 0; frame < frames; frame++) {
    if (frame % PER_CHUNK === 0) at = 0
    at = send.write(chunk, at, frame, body)
  }
})

let end = 0
for (let frame = 0; frame < PER_CHUNK; frame++) end = send.write(chunk, end, 1000 + frame, body)
const receipts = new StompParser({ onFrame: (frame) => (sum += frame.numberOf(RECEIPT)) })
measure('parse SEND', (frames) => {
  for (let frame = 0; frame < frames; frame += PER_CHUNK) receipts.feed(chunk, 0, end)
})

const message = new MessageTemplate({ destination: '/queue/bench-1', subscription: '1' })
end = 0
for (let frame = 0; frame < PER_CHUNK; frame++) end = message.write(chunk, end, 1000 + frame, false, body)
const views = new StompParser({ onFrame: (frame) => (sum += frame.body().length) })
measure('parse MESSAGE, with a view of its body', (frames) => {
  for (let frame = 0; frame < frames; frame += PER_CHUNK) views.feed(chunk, 0, end)
})
if (sum < 0) throw new Error('never')
