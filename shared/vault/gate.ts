/** The gate before each provider's token endpoint, as one worker passes it. */
import { LatchkeyError } from '../domain/error.ts';
import {
  closureMs,
  type GateCause,
  isGateClosed,
  type ProviderGate,
  pauseMs,
} from '../domain/provider-gate.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { toUtc } from '../domain/time.ts';
import type { OauthFacts } from '../providers/provider.ts';
import type { ProviderGateStore } from '../store/provider-gates.ts';

export interface Gate {
  /** Whether an exchange may begin now; it counts as begun then. */
  enter(provider: ProviderName): Promise<'entered' | HeldBack>;
  /** Begins one whatever the gate says: a person wants to know whether it works again. */
  force(provider: ProviderName): void;
  /** The provider refused our application: nobody goes on until it is put right. Tells whether this is news. */
  refused(provider: ProviderName): Promise<'news' | 'known'>;
  /** The provider asked for a pause. */
  throttled(provider: ProviderName, retryAfterSeconds: number | undefined): Promise<void>;
  /** The provider answered our application as one that it knows. */
  recognized(provider: ProviderName): Promise<void>;
}

/** No exchange may begin now. */
export interface HeldBack {
  /** `budget`: as many as the provider allows have begun. */
  readonly cause: GateCause | 'budget';
  /** When to ask again, epoch ms. */
  readonly untilMs: number;
}

export interface GateDependencies {
  readonly gates: ProviderGateStore;
  readonly limitOf: (provider: ProviderName) => OauthFacts['exchangeLimit'];
  readonly now: () => number;
}

/** One exchange shows whether the application is right again; it is over by then. */
const PROBE_MS = 60_000;
/** A closed gate is not asked again for this long. */
const TRUST_MS = 5_000;
/** A worker that needs many reserves more and more of them at once, up to this many. */
const MOST_RESERVED = 32;

interface Reserved {
  readonly window: number;
  left: number;
  /** How many the next reservation takes. */
  next: number;
}

export function createGate({ gates, limitOf, now }: GateDependencies): Gate {
  const turns = new Map<ProviderName, Promise<unknown>>();
  const reserved = new Map<ProviderName, Reserved>();
  const held = new Map<ProviderName, HeldBack & { readonly askedAtMs: number }>();
  /** Providers whose gate this worker went through to see whether they know our application again. */
  const probing = new Set<ProviderName>();

  return {
    enter(provider) {
      // By turns: two who reserve at once would reserve twice.
      const turn = (turns.get(provider) ?? Promise.resolve()).then(() => enterAlone(provider));
      turns.set(
        provider,
        turn.catch(() => undefined),
      );
      return turn;
    },

    force(provider) {
      probing.add(provider);
      held.delete(provider);
    },

    async refused(provider) {
      reserved.delete(provider);
      const gate = await gates.get(provider);
      const { strikes = 0, since, cause } = gate ?? {};
      const isProbe = probing.delete(provider);
      if (gate && !isProbe && cause === 'application_refused' && isGateClosed(gate, now())) return 'known';
      const next = strikes + 1;
      const closed = await gates.close(provider, {
        cause: 'application_refused',
        until: toUtc(now() + closureMs(next)),
        since: cause === 'application_refused' && since !== undefined ? since : toUtc(now()),
        strikes: next,
        now: now(),
      });
      return closed === 'closed' ? 'news' : 'known';
    },

    async throttled(provider, retryAfterSeconds) {
      reserved.delete(provider);
      const { strikes = 0, cause } = (await gates.get(provider)) ?? {};
      // A gate in doubt stays so: a pause says nothing of the application.
      if (cause === 'application_refused') return;
      const until = toUtc(now() + pauseMs(retryAfterSeconds));
      await gates.close(provider, {
        cause: 'provider_throttled',
        until,
        since: toUtc(now()),
        strikes,
        now: now(),
      });
    },

    async recognized(provider) {
      if (!probing.delete(provider)) return;
      try {
        await gates.open(provider);
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error;
        // What the exchange brought counts for more; the next one that is answered opens the gate.
        probing.add(provider);
      }
    },
  };

  async function enterAlone(provider: ProviderName): Promise<'entered' | HeldBack> {
    const known = held.get(provider);
    if (known && now() < Math.min(known.untilMs, known.askedAtMs + TRUST_MS)) return known;
    held.delete(provider);
    const entered = await tryToEnter(provider);
    if (entered !== 'entered') held.set(provider, { ...entered, askedAtMs: now() });
    return entered;
  }

  async function tryToEnter(provider: ProviderName): Promise<'entered' | HeldBack> {
    const { count: limit, windowSeconds } = limitOf(provider);
    const window = Math.floor(now() / 1000 / windowSeconds);
    const mine = reserved.get(provider);
    if (mine && mine.window === window && mine.left > 0) {
      mine.left--;
      return 'entered';
    }
    const wanted = mine?.window === window ? Math.min(mine.next, MOST_RESERVED, limit) : 1;
    // Few may be left where many are not.
    for (const count of wanted === 1 ? [1] : [wanted, 1]) {
      const outcome = await gates.reserve(provider, { window, count, limit, now: now() });
      if (outcome === 'refused') continue;
      reserved.set(provider, { window, left: count - 1, next: count * 2 });
      return 'entered';
    }
    const gate = await gates.get(provider);
    const endOfWindowMs = (window + 1) * windowSeconds * 1000;
    return gate ? await judge(gate, endOfWindowMs) : { cause: 'budget', untilMs: endOfWindowMs };
  }

  async function judge(gate: ProviderGate, endOfWindowMs: number): Promise<'entered' | HeldBack> {
    const { provider, cause = 'provider_throttled', closedUntil = '', strikes } = gate;
    if (isGateClosed(gate, now())) return { cause, untilMs: Date.parse(closedUntil) };
    if (strikes === 0) return { cause: 'budget', untilMs: endOfWindowMs };
    const until = now() + PROBE_MS;
    if ((await gates.probe(gate, now(), toUtc(until))) === 'refused') return { cause, untilMs: until };
    probing.add(provider);
    return 'entered';
  }
}

export function heldBackError({ cause, untilMs }: HeldBack, now: number): LatchkeyError {
  const retryAfterSeconds = Math.max(1, Math.ceil((untilMs - now) / 1000));
  if (cause === 'application_refused') {
    const message =
      "the provider refuses Latchkey's application; nothing is rotated until the operator has put it right";
    return new LatchkeyError('provider_unavailable', message, { details: { retryAfterSeconds } });
  }
  const message = 'the provider allows no more token exchanges for now';
  return new LatchkeyError('provider_throttled', message, { details: { retryAfterSeconds } });
}
