/** What the journal notes of one call that a rule made; neither headers nor body, which may hold a secret. */
export interface SeenAttempt {
  readonly at: string;
  readonly ruleId: string;
  readonly callId: string;
  readonly attempt: number;
  readonly method: string;
  readonly url: string;
  readonly delivered: boolean;
  readonly status?: number;
  readonly error?: string;
  /** Real milliseconds. */
  readonly latencyMs: number;
}
