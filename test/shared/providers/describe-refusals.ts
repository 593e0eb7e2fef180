import { expect, it } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { readHome } from './linked-home.ts';
import { type Misbehaviour, type ProviderBench, type ProviderSetup, targetOf } from './provider-setup.ts';
import { listen, plantWebhook } from './webhook-breadth.ts';

/** How a provider's refusals, of calls and of grants, become ours. */
export function describeRefusals(bench: () => ProviderBench, setup: ProviderSetup): void {
  describeCalls(bench, setup);
  describeGrants(bench, setup);
}

function describeCalls(bench: () => ProviderBench, { wishes, breadth, withoutSecret }: ProviderSetup): void {
  /** The error of each of the provider's calls while the cloud misbehaves. */
  async function failures(how: Misbehaviour): Promise<LatchkeyError[]> {
    const { provider, session, account, now, misbehave, restore } = bench();
    const { plant, modules } = await readHome(bench());
    const [first] = wishes;
    if (first === undefined) throw new TypeError('a setup needs a wish');
    const prepared = provider.prepare(first.wish(now()), { plant, module: targetOf(first, modules) }, now());
    const { login } = provider;
    const calls = [
      ...(login ? [() => login.personOf(session)] : []),
      () => provider.plants(session, account, now()),
      () => Array.fromAsync(provider.state(session, [{ plant, modules }])),
      () => prepared.execute(session),
      ...(breadth === 'by_hand' ? [] : [() => listen(bench(), plant, 'http://127.0.0.1/never')]),
      ...(provider.webhook?.breadth === 'plant'
        ? [() => plantWebhook(provider).list(session, 'http://127.0.0.1/')]
        : []),
    ];
    await misbehave(how);
    const errors: LatchkeyError[] = [];
    for (const call of calls) errors.push(await errorOf(async () => await call()));
    await restore();
    return errors;
  }

  it('says that the access token was refused, and that nothing else was', async () => {
    const { provider, session } = bench();
    for (const { code } of await failures('access_token_refused')) expect(code).toBe('account_unlinked');
    const answer = session.lastAnswer();
    expect(answer && provider.oauth.isAccessTokenRefused(answer)).toBe(true);
  });

  it('says how long a used-up quota takes to come back', async () => {
    const { provider, session } = bench();
    for (const { code, details } of await failures('quota_used_up')) {
      expect(code).toBe('provider_throttled');
      expect(details.retryAfterSeconds).toBeGreaterThan(0);
    }
    const answer = session.lastAnswer();
    expect(answer && provider.oauth.isAccessTokenRefused(answer)).toBe(false);
  });

  it('says that the cloud is out of order', async () => {
    for (const { code } of await failures('unavailable')) expect(code).toBe('provider_unavailable');
  });

  it('does not take a page for an answer', async () => {
    const { provider, session, account, now, misbehave } = bench();
    await misbehave('unreadable');
    const { code } = await errorOf(() => provider.plants(session, account, now()));
    expect(code).toMatch(/^provider_(unavailable|unexpected)$/);
  });

  it('keeps tokens and secrets out of every error', async () => {
    const { provider, refreshToken, tokenAnswer } = bench();
    const { clientSecret } = provider.oauth;
    expect(clientSecret === '').toBe(withoutSecret === true);
    const { accessToken } = provider.oauth.readTokenAnswer(tokenAnswer);
    const hows: Misbehaviour[] = ['access_token_refused', 'quota_used_up', 'unavailable'];
    const errors: LatchkeyError[] = [];
    for (const how of hows) errors.push(...(await failures(how)));
    const said = errors.map(({ message, details, cause }) =>
      JSON.stringify([message, details, String(cause)]),
    );
    expect(said.length).toBeGreaterThan(0);
    for (const secret of [refreshToken, accessToken, ...(withoutSecret ? [] : [clientSecret])]) {
      expect(
        said.filter((text) => text.includes(secret) || text.includes(encodeURIComponent(secret))),
      ).toEqual([]);
    }
  });
}

function describeGrants(bench: () => ProviderBench, { personIsAsked }: ProviderSetup): void {
  it('reads the answer to a grant', async () => {
    const { provider, session, tokenAnswer, refreshToken } = bench();
    const answer = provider.oauth.readTokenAnswer(tokenAnswer);
    expect(answer.accessToken).not.toBe('');
    expect(answer.refreshToken).toBe(refreshToken);
    expect(answer.expiresInSeconds ?? answer.expiresOn).toBeGreaterThan(0);
    expect(answer.subject === undefined).toBe(personIsAsked === true);
    expect(personIsAsked ? await provider.login?.personOf(session) : answer.subject).toBeTruthy();
  });

  it('refuses a grant answer without an access token', () => {
    const { oauth } = bench().provider;
    for (const junk of [null, {}, '<html>', []]) {
      expect(() => oauth.readTokenAnswer(junk)).toThrowError(
        expect.objectContaining({ code: 'provider_unexpected' }),
      );
    }
  });

  it('tells a dead grant from a misconfigured application, and both from an outage', async () => {
    const { provider, refresh, refreshToken, misbehave } = bench();
    const judge = async (answer: ReturnType<typeof refresh>) => provider.oauth.judgeRefusal(await answer);
    expect(await judge(refresh('never-issued'))).toMatchObject({
      kind: 'invalid_grant',
      error: { code: 'account_unlinked' },
    });
    expect(await judge(refresh(refreshToken, 'unknown'))).toMatchObject({
      kind: 'operator',
      error: { code: 'config_invalid' },
    });
    await misbehave('grants_unavailable');
    const { kind, error } = await judge(refresh(refreshToken));
    expect(kind).toMatch(/^(probably_)?not_spent$/);
    expect(error.code).toMatch(/^provider_(unavailable|throttled)$/);
  });
}

async function errorOf(call: () => Promise<unknown>): Promise<LatchkeyError> {
  try {
    await call();
  } catch (error) {
    if (error instanceof LatchkeyError) return error;
    throw error;
  }
  throw new Error('the call was not refused');
}
