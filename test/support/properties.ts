/**
 * fast-check with one seed for all properties: what fails in one run of the suite fails in each, and on every machine. Look
 * further than that with another seed, or more runs, as parameters of the one `fc.assert`.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: 1 })

export { default } from 'fast-check'
