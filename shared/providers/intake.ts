/**
 * The part of a provider that `receive-webhook` needs: small, without schemas, without I/O, so that the function
 * which has to answer within 750 ms loads nothing else.
 */
export interface Intake {
  /** Later answers are counted against the address, milliseconds as the provider measures them. */
  readonly answerWithinMs: number;
  /** So many answers that were late or failed may be a ban; half of them are an alarm. */
  readonly failuresToBan: number;
  /** How the provider signs what it delivers, with our application's client secret; absent where it signs nothing. */
  readonly signature?: {
    /** Of the request, in lower case. */
    readonly header: string;
    /** In constant time. Never throws, whatever it is given. */
    isRight(body: Uint8Array, given: string, clientSecret: string): boolean;
  };
  /**
   * Splits a body into its deliveries, each with what makes it the same delivery when it is sent again.
   * Never throws; junk is one delivery.
   */
  split(body: string): readonly IncomingDelivery[];
  /** The body to answer with where the provider asks for one (a validation handshake); else the answer is empty. */
  reply?(body: string): Readonly<Record<string, string>> | undefined;
}

export interface IncomingDelivery {
  /** The provider's own event id; absent where there is none: then the text itself tells twins apart. */
  readonly eventId?: string;
  readonly raw: string;
  /** The same text again is another delivery: nothing would tell a repeat from a thing that was said twice. */
  readonly isOneOfTwins?: boolean;
}
