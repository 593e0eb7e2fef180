/** An answer ends early once so much is in it: AWS lets a function say 6 MB, and a view says more than what it is made of. */
export const MOST_ANSWER_BYTES = 2_000_000;
