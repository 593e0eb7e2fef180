/** Proves the address, stores the delivery, answers. Nothing else: one cloud bans endpoints slower than 750 ms. */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingDelivery, Intake } from '../providers/intake.ts';
import { type Hook, type IntakeKeys, readHook } from '../providers/signature.ts';
import type { KeptDelivery, Misses } from '../store/keep-delivery.ts';

/** Largest body that is taken in, bytes: a delivery has to fit into one DynamoDB item (400 KB). */
const MAX_BODY_BYTES = 256 * 1024;
/** Total time from the request's own time to the answer, milliseconds; the network has the rest of the 750. */
const DEADLINE_MS = 550;
/** Of the provider's patience, this is the network's, milliseconds. */
const NETWORK_MS = 200;
/** A signature in doubt is kept no longer than any right one is. */
const MAX_SIGNATURE_LENGTH = 128;
/** Left to the store even where the request's clock and ours differ, milliseconds. */
const LEAST_PATIENCE_MS = 100;

export interface IntakeDependencies {
  /** Kept in the process: a warm function reads no secret on its way to the answer. */
  readonly keys: () => Promise<IntakeKeys>;
  readonly intakeOf: (provider: string) => Intake | undefined;
  readonly keep: (delivery: KeptDelivery, signal: AbortSignal) => Promise<'kept' | 'duplicate'>;
  /** What went wrong in this process, by account, until a delivery that is kept tells of it. */
  readonly misses: Map<string, Misses>;
  readonly now: () => number;
}

export interface WebhookRequest {
  readonly provider: string;
  readonly hook: string;
  readonly body: Buffer;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** When the request arrived at the gateway, epoch ms. */
  readonly arrivedAtMs: number;
}

export interface WebhookReply {
  /** 200: kept; 404: not an address of ours; 413: too large to keep; 503: not kept, to be sent again. */
  readonly status: 200 | 404 | 413 | 503;
  readonly body?: Readonly<Record<string, string>>;
  /** Kept, but its signature is none of ours; for the log. */
  readonly isDoubtful?: boolean;
  /** Why it was not kept, for the log. */
  readonly failure?: unknown;
  /** Set when the provider counts this answer against us, with how many there are, for the log. */
  readonly missed?: {
    readonly accountId: string;
    readonly failedAnswers: number;
    /** They are half of what it takes for a ban, or more. */
    readonly isBanNear?: boolean;
  };
}

export async function receiveWebhook(
  deps: IntakeDependencies,
  request: WebhookRequest,
): Promise<WebhookReply> {
  const intake = deps.intakeOf(request.provider);
  if (!intake) return { status: 404 };
  const signal = AbortSignal.timeout(patienceMs(request, deps.now()));
  let hook: Hook | undefined;
  let reply: WebhookReply;
  try {
    const keys = await inTime(signal, deps.keys());
    hook = readHook(keys, request.provider, request.hook);
    reply = hook ? await take(deps, request, intake, { hook, keys, signal }) : { status: 404 };
  } catch (failure) {
    reply = { status: 503, failure };
  }
  return hook ? count(deps, request, intake, hook, reply) : reply;
}

async function take(
  deps: IntakeDependencies,
  request: WebhookRequest,
  intake: Intake,
  { hook, keys, signal }: { hook: Hook; keys: IntakeKeys; signal: AbortSignal },
): Promise<WebhookReply> {
  const raw = request.body.toString('utf8');
  // Refused rather than cut: what is answered with 200 is kept whole. Bytes that are no text grow as they are read.
  if (Math.max(request.body.length, Buffer.byteLength(raw)) > MAX_BODY_BYTES) return { status: 413 };
  const doubtfulSignature = doubtIn(request, intake, keys);
  const proven = { ...hook, doubtfulSignature };
  await inTime(signal, keepAll(deps, request, proven, intake.split(raw), signal));
  const body = intake.reply?.(raw);
  return { status: 200, ...(body && { body }), ...(doubtfulSignature !== undefined && { isDoubtful: true }) };
}

/**
 * The signature that does not prove the delivery. It is kept and answered all the same: the address tells the account,
 * a wrong answer counts towards a ban, and it may be our copy of the secret that is wrong. The projection looks again.
 */
function doubtIn(
  { provider, headers, body }: WebhookRequest,
  { signature }: Intake,
  keys: IntakeKeys,
): string | undefined {
  if (!signature) return undefined;
  const given = headers[signature.header] ?? '';
  return signature.isRight(body, given, keys.clientSecretOf(provider) ?? '')
    ? undefined
    : given.slice(0, MAX_SIGNATURE_LENGTH);
}

/**
 * Remembers an answer that the provider counts against us. The store may be what failed, and another call would take
 * time that there is not: so the account's next delivery that is kept carries the number along.
 */
function count(
  { misses, now }: IntakeDependencies,
  { arrivedAtMs }: WebhookRequest,
  { answerWithinMs, failuresToBan }: Intake,
  { accountId }: Hook,
  reply: WebhookReply,
): WebhookReply {
  if (reply.status === 200 && now() - arrivedAtMs <= answerWithinMs - NETWORK_MS) return reply;
  const { count: before, sinceMs } = misses.get(accountId) ?? { count: 0, sinceMs: arrivedAtMs };
  const failedAnswers = before + 1;
  misses.set(accountId, { count: failedAnswers, sinceMs });
  const isBanNear = failedAnswers >= failuresToBan / 2;
  return { ...reply, missed: { accountId, failedAnswers, ...(isBanNear && { isBanNear }) } };
}

function patienceMs({ arrivedAtMs }: WebhookRequest, now: number): number {
  return Math.min(DEADLINE_MS, Math.max(LEAST_PATIENCE_MS, arrivedAtMs + DEADLINE_MS - now));
}

/** Gives up when the time is over, whether or not what is waited for can be cut short. */
async function inTime<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, over]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function keepAll(
  deps: IntakeDependencies,
  { provider }: WebhookRequest,
  { accountId, epoch, doubtfulSignature }: Hook & { doubtfulSignature: string | undefined },
  deliveries: readonly IncomingDelivery[],
  signal: AbortSignal,
): Promise<void> {
  const receivedAtMs = deps.now();
  // What is in doubt may be read by nobody: the count waits for what is not.
  const told = doubtfulSignature === undefined ? deps.misses.get(accountId) : undefined;
  await Promise.all(
    deliveries.map(async (incoming, index) => {
      const { raw } = incoming;
      const deliveryId = deliveryIdFor(provider, accountId, incoming);
      const misses = index === 0 ? told : undefined;
      const proof = { hookEpoch: epoch, doubtfulSignature };
      const delivery = { accountId, provider, raw, deliveryId, receivedAtMs, ...proof, misses };
      const outcome = await deps.keep(delivery, signal);
      if (misses && outcome === 'kept') deps.misses.delete(accountId);
    }),
  );
}

/** The provider's own event id where it has one that can be part of a key; else what was said, by whom. */
function deliveryIdFor(
  provider: string,
  accountId: string,
  { eventId, raw, isOneOfTwins = false }: IncomingDelivery,
): string {
  if (isOneOfTwins) return randomUUID();
  if (eventId !== undefined && /^[\w-]{1,128}$/.test(eventId)) return eventId;
  // One part more, so that no text is ever taken for the event whose odd id it spells.
  const said = eventId === undefined ? [raw] : [eventId, 'event id'];
  const text = JSON.stringify([provider, accountId, ...said]);
  return createHash('sha256').update(text).digest('base64url');
}
