/** The arithmetic of the lease on an account's tokens; a test holds the functions' timeouts against it. */

/** How long a lease holds, seconds: longer than any function that rotates may run (29), and a clock's error. */
export const LEASE_SECONDS = 40;

/** Difference of clocks between two workers that is allowed for, seconds. */
export const CLOCK_ALLOWANCE_SECONDS = 2;

/** Total time for one exchange at a token endpoint, milliseconds. */
export const EXCHANGE_TIMEOUT_MS = 8_000;

/** An exchange is not begun with less than this left of the function's time: exchange, keep and commit must fit. */
export const EXCHANGE_NEEDS_MS = 12_000;
