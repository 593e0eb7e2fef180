/** What the journal notes of one webhook attempt. */
export interface SeenAttempt {
  readonly at: string;
  readonly subscriptionId: string;
  readonly notificationId: string;
  readonly attempt: number;
  readonly delivered: boolean;
  readonly status?: number;
  readonly error?: string;
  /** Real milliseconds. */
  readonly latencyMs: number;
}
