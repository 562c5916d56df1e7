import type { LaunchOptions } from './launched-broker.ts'

/** What a product's file is given to write its configuration from. */
export interface Preparation {
  /** Empty scratch folder, already made, this user's alone. */
  readonly directory: string
  /** Hands out a port of 127.0.0.1 that was free a moment ago; a different one at each call. */
  readonly takePort: () => number
  readonly options: LaunchOptions
}

/** A program to run: the broker, or what it needs beside it. */
export interface ProgramStart {
  readonly executable: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** A program beside the broker, and where it listens. */
export interface CompanionStart extends ProgramStart {
  /** The broker is started when this port accepts. */
  readonly port: number
}

/** A broker whose configuration is written and which only needs starting. */
export interface PreparedBroker {
  readonly version: string
  /** Must become the broker itself by `exec`, so that its process id is the broker's. */
  readonly program: ProgramStart
  /** Started before the broker and stopped after it (RabbitMQ's port mapper). */
  readonly companion: CompanionStart | null
  readonly targets: ReadonlyMap<string, string>
  readonly managementUrl: string | null
  /** The broker is ready when all of these accept. */
  readonly ports: readonly number[]
}
