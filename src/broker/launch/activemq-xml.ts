import type { KeyStores } from './keystore.ts'
import type { Credentials } from './launched-broker.ts'

/** One `transportConnector`: ActiveMQ's own scheme and a port of 127.0.0.1. */
export interface ActivemqConnector {
  readonly transport: string
  readonly port: number
}

export interface ActivemqSettings {
  readonly dataDirectory: string
  readonly connectors: readonly ActivemqConnector[]
  readonly credentials: Credentials | null
  readonly keyStores: KeyStores | null
  readonly requireClientCertificate: boolean
  readonly amqpTransformer: 'native' | 'jms'
  readonly concurrentStoreAndDispatchQueues: boolean
}

/**
 * `activemq.xml` as the distribution ships it, less two things that would spoil a measurement: the limit of 1,000
 * connections, and the one of 1,000 pending messages per topic consumer, over which messages are dropped.
 */
export function activemqXml(settings: ActivemqSettings): string {
  const connectors = settings.connectors.map((connector) => connectorXml(connector, settings))
  return `<beans xmlns="http://www.springframework.org/schema/beans"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd
    http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
  <bean class="org.springframework.beans.factory.config.PropertyPlaceholderConfigurer"/>
  <broker xmlns="http://activemq.apache.org/schema/core" brokerName="localhost" useJmx="true"
      dataDirectory="${escapeXml(settings.dataDirectory)}">
    <managementContext><managementContext createConnector="false"/></managementContext>
    <persistenceAdapter>
      <kahaDB directory="${escapeXml(settings.dataDirectory)}/kahadb"
        concurrentStoreAndDispatchQueues="${String(settings.concurrentStoreAndDispatchQueues)}"/>
    </persistenceAdapter>
    ${pluginsXml(settings.credentials)}
    ${sslContextXml(settings.keyStores)}
    <systemUsage>
      <systemUsage>
        <memoryUsage><memoryUsage percentOfJvmHeap="70"/></memoryUsage>
        <storeUsage><storeUsage limit="100 gb"/></storeUsage>
        <tempUsage><tempUsage limit="50 gb"/></tempUsage>
      </systemUsage>
    </systemUsage>
    <transportConnectors>
      ${connectors.join('\n      ')}
    </transportConnectors>
    <shutdownHooks>
      <bean xmlns="http://www.springframework.org/schema/beans" class="org.apache.activemq.hooks.SpringContextHook"/>
    </shutdownHooks>
  </broker>
  <import resource="jetty.xml"/>
</beans>
`
}

function connectorXml({ transport, port }: ActivemqConnector, settings: ActivemqSettings): string {
  const secure = transport === 'wss' || transport.endsWith('ssl')
  const options = ['wireFormat.maxFrameSize=104857600']
  if (transport.startsWith('ws')) {
    // Jetty closes the connection at a frame over 64 KiB otherwise, and a 100 KB message is one frame.
    options.push('websocket.maxTextMessageSize=104857600', 'websocket.maxBinaryMessageSize=104857600')
  }
  if (transport.startsWith('amqp') && settings.amqpTransformer !== 'native') {
    options.push(`transport.transformer=${settings.amqpTransformer}`)
  }
  if (secure && settings.requireClientCertificate) options.push('transport.needClientAuth=true')
  const uri = `${transport}://127.0.0.1:${port}?${options.join('&amp;')}`
  return `<transportConnector name="${transport}" uri="${uri}"/>`
}

function pluginsXml(credentials: Credentials | null): string {
  if (credentials === null) return ''
  const username = escapeXml(credentials.username)
  const user = `<authenticationUser username="${username}" password="${escapeXml(credentials.password)}" groups="users"/>`
  return `<plugins><simpleAuthenticationPlugin><users>${user}</users></simpleAuthenticationPlugin></plugins>`
}

function sslContextXml(keyStores: KeyStores | null): string {
  if (keyStores === null) return ''
  const password = escapeXml(keyStores.password)
  return `<sslContext>
      <sslContext keyStore="file:${escapeXml(keyStores.keyStorePath)}" keyStoreType="PKCS12"
        keyStorePassword="${password}" trustStore="file:${escapeXml(keyStores.trustStorePath)}"
        trustStoreType="PKCS12" trustStorePassword="${password}"/>
    </sslContext>`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
