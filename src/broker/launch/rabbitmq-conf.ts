import type { LaunchOptions, TlsFiles } from './launched-broker.ts'

/** One port per protocol, WebSocket by itself; AMQP 0-9-1 and 1.0 share theirs. */
export interface ProtocolPorts {
  readonly amqp: number
  readonly stomp: number
  readonly mqtt: number
  readonly webStomp: number
  readonly webMqtt: number
}

export interface RabbitmqPorts extends ProtocolPorts {
  readonly management: number
  readonly prometheus: number
}

/** `rabbitmq.conf`: every listener on loopback; nothing else differs from what Debian ships. */
export function rabbitmqConf(options: LaunchOptions, ports: RabbitmqPorts, secure: ProtocolPorts | null): string {
  const lines = [
    `listeners.tcp.default = 127.0.0.1:${ports.amqp}`,
    `stomp.listeners.tcp.1 = 127.0.0.1:${ports.stomp}`,
    `mqtt.listeners.tcp.1 = 127.0.0.1:${ports.mqtt}`,
    ...httpListener('web_stomp.tcp', ports.webStomp),
    ...httpListener('web_mqtt.tcp', ports.webMqtt),
    ...httpListener('management.tcp', ports.management),
    ...httpListener('prometheus.tcp', ports.prometheus),
    ...authentication(options),
    ...(secure === null || !options.tls ? [] : tlsListeners(options.tls, secure)),
  ]
  return `${lines.join('\n')}\n`
}

function httpListener(prefix: string, port: number): string[] {
  return [`${prefix}.ip = 127.0.0.1`, `${prefix}.port = ${port}`]
}

function authentication({ credentials, certificateUser }: LaunchOptions): string[] {
  if (certificateUser != null) {
    return [
      `default_user = ${certificateUser}`,
      ...['PLAIN', 'AMQPLAIN', 'EXTERNAL'].map((name, index) => `auth_mechanisms.${index + 1} = ${name}`),
      'ssl_cert_login_from = common_name',
    ]
  }
  if (!credentials) return ['stomp.default_user = guest', 'stomp.default_pass = guest']
  return [
    `default_user = ${credentials.username}`,
    `default_pass = ${credentials.password}`,
    'mqtt.allow_anonymous = false',
    'amqp1_0.default_user = none',
  ]
}

function tlsListeners(tls: TlsFiles, ports: ProtocolPorts): string[] {
  return [
    `listeners.ssl.default = 127.0.0.1:${ports.amqp}`,
    `stomp.listeners.ssl.1 = 127.0.0.1:${ports.stomp}`,
    `mqtt.listeners.ssl.1 = 127.0.0.1:${ports.mqtt}`,
    `ssl_options.cacertfile = ${tls.caPath}`,
    `ssl_options.certfile = ${tls.certificatePath}`,
    `ssl_options.keyfile = ${tls.keyPath}`,
    `ssl_options.verify = ${tls.requireClientCertificate === true ? 'verify_peer' : 'verify_none'}`,
    `ssl_options.fail_if_no_peer_cert = ${String(tls.requireClientCertificate ?? false)}`,
  ]
}

/** `advanced.config`: TLS of the WebSocket plugins as Erlang terms, because their plain settings have no client certificates. */
export function advancedConfig(tls: TlsFiles | null, ports: ProtocolPorts | null): string {
  if (tls === null || ports === null) return '[].\n'
  const plugins = [
    `{rabbitmq_web_stomp, [{ssl_config, ${erlangTls(tls, ports.webStomp)}}]}`,
    `{rabbitmq_web_mqtt, [{ssl_config, ${erlangTls(tls, ports.webMqtt)}}]}`,
  ]
  return `[${plugins.join(',\n ')}].\n`
}

function erlangTls(tls: TlsFiles, port: number): string {
  const required = tls.requireClientCertificate ?? false
  const terms = [
    `{ip, "127.0.0.1"}, {port, ${port}}`,
    // A JSON string of a file name is an Erlang string too.
    `{cacertfile, ${JSON.stringify(tls.caPath)}}`,
    `{certfile, ${JSON.stringify(tls.certificatePath)}}`,
    `{keyfile, ${JSON.stringify(tls.keyPath)}}`,
    `{verify, ${required ? 'verify_peer' : 'verify_none'}}, {fail_if_no_peer_cert, ${String(required)}}`,
  ]
  return `[${terms.join(', ')}]`
}
