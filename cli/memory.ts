/**
 * What Node is told when `latchkey` starts. Left to itself it lets garbage pile up as long as the machine has room; this
 * program lives for months beside a database that needs the room. MB: the heap's most, and its nursery's.
 */
export const memoryFlags = ['--max-old-space-size=128', '--max-semi-space-size=4'] as const;
