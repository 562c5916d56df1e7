/**
 * Where a name has several addresses, Node gives up each but the last after 250 ms by a timer, also where the answer has
 * come and this thread had no time to look at it (hundreds of connections at once, a machine that stands still): a broker
 * that listens would seem not to. Imported for this effect by whatever connects, in each thread.
 */
import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net'

const ATTEMPT_MS = 2_000

setDefaultAutoSelectFamilyAttemptTimeout(ATTEMPT_MS)
