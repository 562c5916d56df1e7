/** What a SUBSCRIBE asks for: a topic, or a share of one. Wildcards are not spoken here, as CONNACK says in MQTT 5. */
export interface TopicFilter {
  readonly topic: string
  /** Name of the group that shares the topic; null: it is not shared. */
  readonly shareName: string | null
}

/** Null for what is no topic filter, or one with wildcards. */
export function topicFilterOf(filter: string): TopicFilter | null {
  const shared = /^\$share\/([^/]+)\/(.+)$/s.exec(filter)
  const [shareName, topic] = shared === null ? [null, filter] : [shared[1] ?? '', shared[2] ?? '']
  if (!isTopicName(topic) || filter.startsWith('$share/') !== (shared !== null)) return null
  if (shareName !== null && !isTopicName(shareName)) return null
  return { topic, shareName }
}

/** A name that may be published to: MQTT 5 section 4.7. */
export function isTopicName(name: string): boolean {
  // The null character is the one that no name may have.
  return name !== '' && !/[+#\0]/.test(name)
}
