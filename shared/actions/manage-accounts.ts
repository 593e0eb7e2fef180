import type { Access } from '../domain/access.ts';
import type { Account, Health } from '../domain/account.ts';
import { type Circumstances, healthNow } from '../domain/account-health.ts';
import type { CallLimits } from '../domain/call-limits.ts';
import { LatchkeyError } from '../domain/error.ts';
import type { ProviderGate } from '../domain/provider-gate.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { emptyQuota, left, type Quota, usedUp, type WindowLeft } from '../domain/quota.ts';
import type { Replay } from '../domain/replay.ts';
import type { RotationRecord } from '../domain/rotation-record.ts';
import type { SyncJob } from '../domain/sync-job.ts';
import { toUtc, type UtcTime } from '../domain/time.ts';
import { isStatic, type TokenPointer } from '../domain/token-pointer.ts';
import type { MoveOutcome } from '../domain/vault-kind.ts';
import type { PageWish } from '../store/item.ts';
import { hookUrl, hookUrlPrefix, presentEpoch } from './link-urls.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/** An account with what is known of its tokens and its work. */
export interface AccountState {
  readonly account: Account;
  /** The account's own, under what is wrong with all accounts. */
  readonly health: Health;
  readonly pointer?: TokenPointer | undefined;
  readonly job?: SyncJob | undefined;
  readonly replay?: Replay | undefined;
  readonly quota: QuotaState;
  /** What the owner has to give to the provider, where no call of ours can. */
  readonly byHand?: WebhookByHand | undefined;
}

/** For a rule of the owner's: whoever knows the address can deliver to it. */
export interface WebhookByHand {
  readonly url: string;
  readonly bodyTemplate: string;
}

/** What the account may still spend at its cloud. */
export interface QuotaState {
  readonly windows: readonly WindowLeft[];
  readonly blockedUntil?: UtcTime | undefined;
}

export type AccountFilter = Partial<Pick<Account, 'owner' | 'provider' | 'status'>>;

/** @throws {LatchkeyError} account_unknown */
export async function showAccount(deps: SyncDependencies, accountId: string): Promise<AccountState> {
  const state = await stateOf(deps, accountId, (provider) => sharedAt(deps, provider));
  return { ...state, byHand: byHandOf(deps, state.account) };
}

/** @param access – who may not write accounts does not get to know an address. @throws {LatchkeyError} account_unknown */
export async function showAccountTo(
  { scopes }: Pick<Access, 'scopes'>,
  deps: SyncDependencies,
  accountId: string,
): Promise<AccountState> {
  const { byHand, ...state } = await showAccount(deps, accountId);
  return scopes.includes('accounts.write') ? { ...state, byHand } : state;
}

/** `undefined` where there is nothing to be done by hand. */
export function byHandOf(
  { providerOf, publicUrl, hookKey }: Pick<SyncDependencies, 'providerOf' | 'publicUrl' | 'hookKey'>,
  account: Account,
): WebhookByHand | undefined {
  const { accountId, provider } = account;
  const { webhook } = providerOf(provider);
  if (webhook?.breadth !== 'by_hand') return undefined;
  const epoch = presentEpoch(account, hookKey);
  return {
    url: hookUrl(publicUrl, hookKey, provider, { accountId, epoch }),
    bodyTemplate: webhook.bodyTemplate,
  };
}

/** What all accounts of a provider share. */
interface Shared {
  readonly gate: ProviderGate | undefined;
  readonly quota: Quota | undefined;
}

async function sharedAt({ store, providerOf }: SyncDependencies, provider: ProviderName): Promise<Shared> {
  const [gate, quota] = await Promise.all([
    store.gates.get(provider),
    providerOf(provider).limits.application && store.quotas.get({ application: provider }),
  ]);
  return { gate, quota };
}

async function stateOf(
  { store, stackId, providerOf, now }: SyncDependencies,
  accountId: string,
  sharedOf: (provider: ProviderName) => Promise<Shared>,
): Promise<AccountState> {
  const [account, pointer, job, replay, spent] = await Promise.all([
    store.accounts.get(accountId),
    store.pointers.get(accountId),
    store.syncJobs.get(accountId),
    store.replays.get(accountId),
    store.quotas.get({ accountId }),
  ]);
  if (!account) throw new LatchkeyError('account_unknown', `there is no account ${accountId}`);
  const { gate, quota: shared } = await sharedOf(account.provider);
  const isForeign = pointer !== undefined && pointer.stackId !== stackId;
  const { limits } = providerOf(account.provider);
  const budgets = { own: spent ?? emptyQuota, shared: shared ?? emptyQuota };
  const health = healthNow(account.health, {
    gate,
    isForeign,
    usedUp: whatIsUsedUp(budgets, limits, now()),
    rotateAt: pointer && !isStatic(pointer) ? pointer.dueAt : undefined,
  });
  return { account, health, pointer, job, replay, quota: quotaState(budgets.own, limits, now()) };
}

/** What the application shares with all accounts comes first: it is the wider. */
function whatIsUsedUp(
  { own, shared }: Record<'own' | 'shared', Quota>,
  { account, application }: CallLimits,
  now: number,
): Circumstances['usedUp'] {
  const windows = application?.(shared.linked?.accounts ?? 1) ?? [];
  const ofApplication = usedUp(shared, windows, 'command', now);
  const found = ofApplication ?? usedUp(own, account, 'command', now);
  if (!found) return undefined;
  const { untilMs, ...window } = found;
  return { limit: { of: ofApplication ? 'application' : 'account', ...window }, until: toUtc(untilMs) };
}

function quotaState(quota: Quota, limits: CallLimits, now: number): QuotaState {
  const { blockedUntil = '' } = quota;
  return {
    windows: left(quota, limits.account, now),
    ...(blockedUntil > toUtc(now) && { blockedUntil }),
  };
}

/** The last attempts to rotate, newest first. @throws {LatchkeyError} account_unknown */
export async function listRotations(
  { store }: SyncDependencies,
  accountId: string,
): Promise<RotationRecord[]> {
  if (await store.accounts.get(accountId)) return await store.rotationRecords.of(accountId);
  throw new LatchkeyError('account_unknown', `there is no account ${accountId}`);
}

export async function listAccounts(deps: SyncDependencies, filter: AccountFilter, page: PageWish) {
  const { owner, provider, status } = filter;
  const found = await deps.store.accounts.list({ ...page, ...(owner !== undefined && { owner }) });
  const matching = found.items.filter(
    (account) =>
      (provider === undefined || account.provider === provider) &&
      (status === undefined || account.status === status),
  );
  const shared = new Map<ProviderName, Promise<Shared>>();
  const sharedOf = (name: ProviderName) => {
    const known = shared.get(name) ?? sharedAt(deps, name);
    shared.set(name, known);
    return known;
  };
  // The index is a copy that may be a moment old: what it names is read again.
  const items = await Promise.all(
    matching.map(({ accountId }) => stateOf(deps, accountId, sharedOf).catch(goneMeanwhile)),
  );
  return { items: items.filter((item) => item !== undefined), next: found.next };
}

/**
 * Rotates now, whatever is due.
 * @throws {LatchkeyError} account_unknown, token_contended, and what rotation failed with
 */
export async function rotateAccount(deps: SyncDependencies, accountId: string): Promise<AccountState> {
  const { pointer } = await showAccount(deps, accountId);
  const outcome = await deps.vault.rotate(accountId, {
    knownGeneration: pointer?.generation ?? 0,
    insist: true,
  });
  if (outcome.kind === 'failed' || outcome.kind === 'held_back') throw outcome.error;
  if (outcome.kind === 'contended') {
    throw new LatchkeyError('token_contended', 'the account is being rotated already', {
      details: { retryAfterSeconds: 10 },
    });
  }
  return await showAccount(deps, accountId);
}

/** Brings the account's tokens into the vault in use. @throws {LatchkeyError} account_unknown */
export async function moveAccount(deps: SyncDependencies, accountId: string): Promise<MoveOutcome> {
  if (await deps.store.accounts.get(accountId)) return await deps.vault.move(accountId);
  throw new LatchkeyError('account_unknown', `there is no account ${accountId}`);
}

/** Makes an account this deployment's; repeatable. @throws {LatchkeyError} account_unknown */
export async function claimAccount(deps: SyncDependencies, accountId: string): Promise<AccountState> {
  const { pointer } = await showAccount(deps, accountId);
  if (pointer) await deps.store.pointers.claim(pointer, deps.stackId);
  return await showAccount(deps, accountId);
}

/** Makes everything due; the next run of sync-accounts does it. @throws {LatchkeyError} account_unknown */
export async function syncAccountSoon(deps: SyncDependencies, accountId: string): Promise<AccountState> {
  await showAccount(deps, accountId);
  await deps.store.syncJobs.start(accountId, deps.now());
  return await showAccount(deps, accountId);
}

/**
 * Removes the subscriptions at the provider, the tokens, and everything kept of the account; repeatable when it was
 * cut short. With `force` it goes on although the provider cannot be told.
 * @throws {LatchkeyError} account_unknown
 * @throws {LatchkeyError} provider_unavailable, provider_throttled – nothing is removed; the same call may be repeated
 */
export async function unlinkAccount(
  deps: SyncDependencies,
  accountId: string,
  force: boolean,
): Promise<void> {
  const { account } = await showAccount(deps, accountId);
  try {
    await unsubscribeAll(deps, account);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    // Without a usable grant there is nothing more that we could tell the provider.
    const pointless = error.code === 'account_unlinked' || error.code === 'owner_action_required';
    if (!force && !pointless) throw askForForce(error);
    deps.log.warn('unlinked without unsubscribing', { accountId, reason: error.message });
  }
  await deps.vault.forget(accountId);
  const modules = await deps.store.modules.ofAccount(accountId);
  const forgetPast = () => Promise.all(modules.map(({ moduleId }) => deps.store.readings.deleteOf(moduleId)));
  await forgetPast();
  await deps.store.accounts.forget(accountId);
  // What the stream's consumers were about to keep as long as they saw the modules.
  await forgetPast();
}

async function unsubscribeAll(deps: SyncDependencies, account: Account): Promise<void> {
  const { accountId, provider } = account;
  const { webhook } = deps.providerOf(provider);
  // What the owner has made by hand only the owner can remove.
  if (!webhook || webhook.breadth === 'by_hand') return;
  const session = deps.sessionOf(account, 'subscriptions');
  if (webhook.breadth === 'account') return await webhook.drop(session);
  const prefix = hookUrlPrefix(deps.publicUrl, provider, accountId);
  for (const held of await webhook.list(session, prefix)) await webhook.unsubscribe(session, held);
}

function askForForce(error: LatchkeyError): LatchkeyError {
  const remedy =
    'Repeat the call later, or add ?force=true to leave the subscription at the provider behind.';
  return new LatchkeyError(error.code, `the subscriptions could not be removed: ${error.message}`, {
    cause: error,
    details: { ...error.details, remedy },
  });
}

function goneMeanwhile(error: unknown): undefined {
  if (error instanceof LatchkeyError && error.code === 'account_unknown') return undefined;
  throw error;
}
