/** What the journal notes of one webhook attempt. */
export interface SeenAttempt {
  readonly at: string;
  readonly userId: string;
  readonly pushId: string;
  readonly url: string;
  readonly delivered: boolean;
  readonly status?: number;
  readonly error?: string;
  /** Real milliseconds. */
  readonly latencyMs: number;
}
