/** Methods of AMQP 0-9-1 by class * 65536 + method, as they lie on the wire (specification 1.3, amqp0-9-1.xml). */
export const METHOD = {
  connectionStart: 0x000a_000a,
  connectionStartOk: 0x000a_000b,
  connectionSecure: 0x000a_0014,
  connectionTune: 0x000a_001e,
  connectionTuneOk: 0x000a_001f,
  connectionOpen: 0x000a_0028,
  connectionOpenOk: 0x000a_0029,
  connectionClose: 0x000a_0032,
  connectionCloseOk: 0x000a_0033,
  /** RabbitMQ's extensions `connection.blocked` and `connection.unblocked`. */
  connectionBlocked: 0x000a_003c,
  connectionUnblocked: 0x000a_003d,
  channelOpen: 0x0014_000a,
  channelOpenOk: 0x0014_000b,
  channelFlow: 0x0014_0014,
  channelFlowOk: 0x0014_0015,
  channelClose: 0x0014_0028,
  channelCloseOk: 0x0014_0029,
  exchangeDeclare: 0x0028_000a,
  exchangeDeclareOk: 0x0028_000b,
  queueDeclare: 0x0032_000a,
  queueDeclareOk: 0x0032_000b,
  queueBind: 0x0032_0014,
  queueBindOk: 0x0032_0015,
  queuePurge: 0x0032_001e,
  queuePurgeOk: 0x0032_001f,
  queueDelete: 0x0032_0028,
  queueDeleteOk: 0x0032_0029,
  queueUnbind: 0x0032_0032,
  queueUnbindOk: 0x0032_0033,
  basicQos: 0x003c_000a,
  basicQosOk: 0x003c_000b,
  basicConsume: 0x003c_0014,
  basicConsumeOk: 0x003c_0015,
  basicCancel: 0x003c_001e,
  basicCancelOk: 0x003c_001f,
  basicPublish: 0x003c_0028,
  basicReturn: 0x003c_0032,
  basicDeliver: 0x003c_003c,
  basicGetOk: 0x003c_0047,
  basicAck: 0x003c_0050,
  basicReject: 0x003c_005a,
  basicNack: 0x003c_0078,
  /** RabbitMQ's extension for publisher confirms. */
  confirmSelect: 0x0055_000a,
  confirmSelectOk: 0x0055_000b,
  txSelect: 0x005a_000a,
  txSelectOk: 0x005a_000b,
  txCommit: 0x005a_0014,
  txCommitOk: 0x005a_0015,
  txRollback: 0x005a_001e,
  txRollbackOk: 0x005a_001f,
} as const

/** The only class whose methods are followed by content. */
export const CLASS_BASIC = 60

/** Whether a content header and a body follow the method. */
export function carriesContent(method: number): boolean {
  return (
    method === METHOD.basicDeliver ||
    method === METHOD.basicPublish ||
    method === METHOD.basicReturn ||
    method === METHOD.basicGetOk
  )
}

/** `basic.deliver`, for sentences; `method 60.61` where it is none that is known here. */
export function methodName(method: number): string {
  const found = Object.entries(METHOD).find(([, id]) => id === method)
  if (found === undefined) return `method ${method >>> 16}.${method & 0xffff}`
  const [, classWord = '', rest = ''] = /^([a-z]+)(.*)$/.exec(found[0]) ?? []
  return `${classWord}${rest.replace(/[A-Z]/g, (letter, at: number) => `${at === 0 ? '.' : '-'}${letter.toLowerCase()}`)}`
}
