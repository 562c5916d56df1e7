/** Reason codes by which a generator fell short in a cell, whatever the model: it sent late, too little, or not at all. */
export const GENERATOR_SHORTFALLS: readonly string[] = [
  'generator-lag',
  'missed-slots',
  'send-rate',
  'event-loop',
  'load-host',
  'steal',
]
