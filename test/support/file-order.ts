/**
 * What takes longest, by the end of its path. Begun first, so that no lane is left with a long file while the others are
 * through; a file that is missing here costs time and nothing else.
 */
const LONG_FILES: readonly string[] = [
  'broker/artemis.test.js',
  'broker/activemq.test.js',
  'broker/rabbitmq.test.js',
  'broker/mosquitto-web-socket.test.js',
  'broker/different-ends.test.js',
  'broker/different-clients.test.js',
  'broker/mosquitto.test.js',
  'broker/campaign.test.js',
  'broker/properties-between.test.js',
  'broker/embedded/stomp.test.js',
  'broker/embedded/mqtt-5.test.js',
  'cli/run.test.js',
  'broker/embedded/mqtt.test.js',
  'cli/floor.test.js',
  'broker/embedded/amqp091.test.js',
  'cli/messages-per-write.test.js',
  'report/report-page.test.js',
  'cli/different-ends.test.js',
]

/** The paths that are known to take long, longest first, then the others in their order. */
export function longestFirst(paths: readonly string[]): readonly string[] {
  const placeOf = (path: string): number => {
    const place = LONG_FILES.findIndex((end) => path.replaceAll('\\', '/').endsWith(`/${end}`))
    return place < 0 ? LONG_FILES.length : place
  }
  return paths.toSorted((one, other) => placeOf(one) - placeOf(other))
}
