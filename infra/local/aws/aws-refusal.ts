/** An AWS error as its caller will see it: thrown inside the local cloud, written to the wire by the endpoint. */
export class AwsRefusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  /** `body.__type` is what the SDK makes the error's name of (what follows a `#`). */
  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(`${body.__type}: ${body.message ?? body.Message ?? ''}`);
    this.name = 'AwsRefusal';
    this.status = status;
    this.body = body;
  }
}

/** A refusal with status 400, which is what AWS' JSON protocol uses for everything a caller did. */
export function refusal(type: string, message: string): AwsRefusal {
  return new AwsRefusal(400, { __type: type, message, Message: message });
}
