import type { DeliveryPlan } from '../../src/workload/workload.ts'

/** Persistent, confirmed, acknowledged one by one, and nothing beyond: what a workload that says nothing asks for. */
export const PLAIN_DELIVERY: DeliveryPlan = {
  persistent: true,
  confirm: true,
  acknowledge: { kind: 'each' },
  prefetch: 1000,
  ttlMs: null,
  priority: null,
  headers: {},
  transactionMessages: null,
  subscription: 'plain',
  messagePerWrite: false,
  guarantee: 'at-least-once',
  ordered: false,
}
