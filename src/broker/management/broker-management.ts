import type { Destination, Removal } from '../../driver/driver.ts'

/** The management interface of one broker, found and let in. */
export interface BrokerManagement {
  /** Deletes a destination with what lies in it; `removed` also where there was none. Never rejects. */
  remove(destination: Destination): Promise<Removal>
}
