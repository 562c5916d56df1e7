/** For tests that have to do something at a certain moment of a run. */
import assert from 'node:assert/strict'

/** Seconds for which the run is made to last at that moment. */
const LASTING_SECONDS = [0.4, 4, 25] as const

/**
 * Makes a scene in which the test has to come in time: to interrupt a run in its second cell, to look at processes while
 * they live. A machine that stands still may let it come too late; then nothing was shown yet, and the scene is made anew
 * with more time. A product that never lets it come in time fails here.
 * @param scene makes it with phases of so many seconds; null where the test came too late.
 */
export async function inTime<Scene>(scene: (seconds: number) => Promise<Scene | null>): Promise<Scene> {
  for (const seconds of LASTING_SECONDS) {
    const made = await scene(seconds)
    if (made !== null) return made
  }
  return assert.fail(`too late, even where there were ${String(LASTING_SECONDS.at(-1))} s`)
}
