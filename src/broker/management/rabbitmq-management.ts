import type { BrokerManagement } from './broker-management.ts'
import { ask, type ManagementEndpoint } from './management-endpoint.ts'

/** RabbitMQ's HTTP API, if that is what answers and lets us in; else null. */
export async function findRabbitmq(endpoint: ManagementEndpoint): Promise<BrokerManagement | null> {
  const answer = await ask(endpoint, 'GET', '/api/overview')
  const body = answer?.body
  if (answer?.status !== 200 || typeof body !== 'object' || body === null || !('rabbitmq_version' in body)) return null
  const vhost = encodeURIComponent(endpoint.vhost)
  // Asked first, because for a queue 404 means that it is gone already, and for a virtual host that the URL is wrong.
  const known = await ask(endpoint, 'GET', `/api/queues/${vhost}?page=1&page_size=1`)
  if (known?.status !== 200) return null
  const deleteQueue = async (name: string): Promise<boolean> => {
    const deleted = await ask(endpoint, 'DELETE', `/api/queues/${vhost}/${encodeURIComponent(name)}`)
    return deleted?.status === 204 || deleted?.status === 404
  }
  return {
    remove: async ({ kind, name }) => {
      if (kind === 'queue') return (await deleteQueue(name)) ? 'removed' : 'remains'
      const bindings = await ask(endpoint, 'GET', `/api/exchanges/${vhost}/amq.topic/bindings/source`)
      const deletions = await Promise.all(leftSubscriptions(bindings?.body, name).map(deleteQueue))
      return bindings?.status === 200 && deletions.every((isDeleted) => isDeleted) ? 'removed' : 'remains'
    },
  }
}

/** Queues that RabbitMQ named itself, bound to a topic: AMQP 1.0 subscribers leave theirs behind. */
function leftSubscriptions(bindings: unknown, topic: string): readonly string[] {
  if (!Array.isArray(bindings)) return []
  return bindings.flatMap((binding: unknown) => {
    if (typeof binding !== 'object' || binding === null) return []
    const { routing_key: key, destination } = binding as {
      readonly routing_key?: unknown
      readonly destination?: unknown
    }
    return key === topic && typeof destination === 'string' && destination.startsWith('amq.gen-') ? [destination] : []
  })
}
