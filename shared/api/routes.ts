import * as z from 'zod';
import { AccountStatus } from '../domain/account.ts';
import { plantWishWith, wishWith } from '../domain/command-action.ts';
import { Credentials } from '../domain/credentials.ts';
import { Device, System } from '../domain/device.ts';
import { LOG_SHARDS } from '../domain/feed-place.ts';
import { Resolution } from '../domain/history.ts';
import { AccountId, CommandId, LinkId, ModuleId, PlantId, TokenId } from '../domain/ids.ts';
import { ProviderName } from '../domain/provider-name.ts';
import { CapabilityName } from '../domain/reading.ts';
import { Scope } from '../domain/scope.ts';
import { TimeZone, UtcTime } from '../domain/time.ts';
import { entryPage, problemsPage } from './problem-pages.ts';
import { ProblemEntry } from './problem-reference.ts';
import type { Route } from './route.ts';
import { IfMatch } from './version-tag.ts';
import {
  AccountDigestView,
  AccountView,
  BatchView,
  CommandView,
  CreatedTokenView,
  EnteredView,
  EventPage,
  FeedDigestView,
  HistoryView,
  LinkView,
  LoginView,
  list,
  ModuleView,
  MoveView,
  PlantView,
  RotationView,
  StartedLink,
  TokenView,
} from './views.ts';

/** The product's own id for a person: opaque to us, but kept in an index, so bounded. */
const owner = z.string().min(1).max(256);
const limit = z.coerce.number().int().min(1).max(1000).default(100);
/** The `next` of the page before. Of lists, a page may be shorter than `limit`, and only the last one has no `next`. */
const after = z.string().max(4096).optional();
/** A command is never sent later than this. */
const expiry = { expiresAt: UtcTime.optional() };
const tokenWish = {
  scopes: z.array(Scope).min(1).max(100),
  /** What it is for. */
  label: z.string().trim().min(1).max(100),
  expiresAt: UtcTime.optional(),
};
const commandHeaders = {
  'idempotency-key': z.string().min(1).max(255).optional(),
  /** `wait=N`: how many seconds the client waits for repeats, 0 to 25. */
  prefer: z.string().max(1024).optional(),
};

export const routes = {
  health: {
    method: 'GET',
    path: '/health',
    function: 'describe-api',
    scope: 'public',
    summary: 'Tells that the API answers',
    answers: { 200: z.object({ status: z.literal('ok') }) },
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    function: 'describe-api',
    scope: 'public',
    summary: 'This API as an OpenAPI 3.1 document',
    answers: { 200: z.looseObject({ openapi: z.string() }) },
  },
  listProblems: {
    method: 'GET',
    path: '/problems',
    function: 'describe-api',
    scope: 'public',
    summary: 'What each problem means, who has to act and what can be done',
    toPage: problemsPage,
    answers: { 200: z.object({ items: z.array(ProblemEntry) }) },
  },
  showProblem: {
    method: 'GET',
    path: '/problems/{code}',
    function: 'describe-api',
    scope: 'public',
    summary: 'What one problem means; where the `type` of a problem leads',
    params: z.object({ code: z.string().max(64) }),
    toPage: entryPage,
    answers: { 200: ProblemEntry },
  },
  startLink: {
    method: 'POST',
    path: '/v1/links',
    function: 'start-link',
    scope: 'accounts.write',
    summary: "Begins a link; open `url` in the owner's browser",
    body: z.strictObject({
      provider: ProviderName,
      owner,
      returnTo: z.url().max(2048).optional(),
      /** The provider's own words; instead of `systems`. */
      scopes: z.array(z.string().min(1).max(64)).min(1).max(32).optional(),
      /** What these need is asked for; all that the provider has, unless given. */
      systems: z.array(System).min(1).optional(),
      /** How consent is given. Passwords are refused, with the provider's reason. */
      grant: z.enum(['authorization_code', 'password']).optional(),
      timeZone: TimeZone.optional(),
    }),
    answers: { 201: StartedLink },
  },
  showLink: {
    method: 'GET',
    path: '/v1/links/{linkId}',
    function: 'start-link',
    scope: 'accounts.read',
    summary: 'What became of a link',
    params: z.object({ linkId: LinkId }),
    answers: { 200: LinkView },
  },
  openLink: {
    method: 'GET',
    path: '/link/{linkId}',
    function: 'start-link',
    scope: 'public',
    summary:
      "Sends the owner's browser to the provider's consent page; where there is none, a page of Latchkey's own, or as JSON the ways to link",
    params: z.object({ linkId: z.string().max(64) }),
    page: 'form',
    answers: { 200: LoginView, 302: null },
  },
  enterCredentials: {
    method: 'POST',
    path: '/link/{linkId}/credentials',
    function: 'complete-link',
    scope: 'public',
    summary:
      'Links by a password, then a verification code, or by a token pasted: sent by the form of the page, or by a program that has started the link. What is wrong with it leaves the link usable',
    params: z.object({ linkId: z.string().max(64) }),
    body: Credentials,
    page: 'form',
    answers: { 200: EnteredView, 303: null },
  },
  completeLink: {
    method: 'GET',
    path: '/oauth/{provider}/callback',
    function: 'complete-link',
    scope: 'public',
    summary: 'Where the provider sends the browser back to',
    params: z.object({ provider: z.string().max(32) }),
    page: true,
    answers: { 200: null, 302: null },
  },
  listAccounts: {
    method: 'GET',
    path: '/v1/accounts',
    function: 'manage-accounts',
    scope: 'accounts.read',
    summary: 'Linked accounts',
    query: z.object({
      owner: owner.optional(),
      provider: ProviderName.optional(),
      status: AccountStatus.optional(),
      limit,
      after,
    }),
    answers: { 200: list(AccountView) },
  },
  showAccount: {
    method: 'GET',
    path: '/v1/accounts/{accountId}',
    function: 'manage-accounts',
    scope: 'accounts.read',
    summary: 'One account with its health',
    params: z.object({ accountId: AccountId }),
    answers: { 200: AccountView },
  },
  rotateAccount: {
    method: 'POST',
    path: '/v1/accounts/{accountId}/rotate',
    function: 'manage-accounts',
    scope: 'accounts.write',
    summary: "Rotates the account's tokens now",
    params: z.object({ accountId: AccountId }),
    answers: { 200: AccountView },
  },
  listRotations: {
    method: 'GET',
    path: '/v1/accounts/{accountId}/rotations',
    function: 'manage-accounts',
    scope: 'accounts.read',
    summary: "The last 50 attempts to rotate the account's tokens, newest first; hashes only",
    params: z.object({ accountId: AccountId }),
    answers: { 200: list(RotationView) },
  },
  moveAccount: {
    method: 'POST',
    path: '/v1/accounts/{accountId}/move',
    function: 'manage-accounts',
    scope: 'accounts.write',
    summary: "Brings the account's tokens into the vault in use, sealed with the newest key",
    params: z.object({ accountId: AccountId }),
    answers: { 200: MoveView },
  },
  claimAccount: {
    method: 'POST',
    path: '/v1/accounts/{accountId}/claim',
    function: 'manage-accounts',
    scope: 'accounts.write',
    summary: "Makes another deployment's account this one's; that deployment must not run any more",
    params: z.object({ accountId: AccountId }),
    answers: { 200: AccountView },
  },
  syncAccount: {
    method: 'POST',
    path: '/v1/accounts/{accountId}/sync',
    function: 'manage-accounts',
    scope: 'accounts.write',
    summary: 'Reads topology, state and subscriptions again with the next run of sync-accounts',
    params: z.object({ accountId: AccountId }),
    answers: { 202: AccountView },
  },
  rollHook: {
    method: 'POST',
    path: '/v1/accounts/{accountId}/webhook/roll',
    function: 'manage-accounts',
    scope: 'accounts.write',
    summary:
      'Gives the account a new webhook address; the former one ends an hour after the provider knows it, or after a week where the owner has to tell it',
    params: z.object({ accountId: AccountId }),
    query: z.object({
      /** `false`: the former address ends at once, and what the provider still sends there is lost. */
      overlap: z.stringbool().default(true),
    }),
    answers: { 202: AccountView },
  },
  replayDeliveries: {
    method: 'POST',
    path: '/v1/accounts/{accountId}/replay',
    function: 'manage-accounts',
    scope: 'accounts.write',
    summary: 'Reads the deliveries received from `from` on and before `to` again, in the background',
    params: z.object({ accountId: AccountId }),
    body: z.strictObject({ from: UtcTime, to: UtcTime }),
    answers: { 202: AccountView },
  },
  unlinkAccount: {
    method: 'DELETE',
    path: '/v1/accounts/{accountId}',
    function: 'manage-accounts',
    scope: 'accounts.write',
    summary: 'Removes subscriptions, tokens and everything kept of the account',
    params: z.object({ accountId: AccountId }),
    query: z.object({
      /** Go on although the provider cannot be told. */
      force: z.stringbool().default(false),
    }),
    answers: { 204: null },
  },
  createToken: {
    method: 'POST',
    path: '/v1/tokens',
    function: 'manage-tokens',
    scope: 'tokens.write',
    summary: 'Makes an access token for the workspace, a plant or a module; its secret is shown this once',
    body: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('workspace'), ...tokenWish }),
      z.strictObject({ kind: z.literal('plant'), plant: PlantId, ...tokenWish }),
      z.strictObject({ kind: z.literal('module'), module: ModuleId, ...tokenWish }),
    ]),
    answers: { 201: CreatedTokenView },
  },
  listTokens: {
    method: 'GET',
    path: '/v1/tokens',
    function: 'manage-tokens',
    scope: 'tokens.write',
    summary: 'Access tokens, without their secrets',
    query: z.object({ limit, after }),
    answers: { 200: list(TokenView) },
  },
  revokeToken: {
    method: 'DELETE',
    path: '/v1/tokens/{tokenId}',
    function: 'manage-tokens',
    scope: 'tokens.write',
    summary: 'Revokes an access token; it is refused everywhere after five seconds at most',
    params: z.object({ tokenId: TokenId }),
    answers: { 204: null },
  },
  receiveWebhook: {
    method: 'POST',
    path: '/webhooks/{provider}/{hook}',
    function: 'receive-webhook',
    scope: 'public',
    summary: "Takes in a provider's delivery",
    params: z.object({ provider: z.string(), hook: z.string() }),
    answers: { 200: null, 404: null, 413: null, 503: null },
  },
  listPlants: {
    method: 'GET',
    path: '/v1/plants',
    function: 'read-home',
    scope: 'system.read',
    summary: 'Plants with their ambients and modules',
    query: z.object({ account: AccountId.optional(), owner: owner.optional(), limit, after }),
    answers: { 200: list(PlantView) },
  },
  showPlant: {
    method: 'GET',
    path: '/v1/plants/{plantId}',
    function: 'read-home',
    scope: 'system.read',
    summary: 'One plant with its ambients and modules',
    params: z.object({ plantId: PlantId }),
    answers: { 200: PlantView },
  },
  listModules: {
    method: 'GET',
    path: '/v1/modules',
    function: 'read-home',
    scope: 'system.read',
    summary: 'Modules with their latest readings',
    query: z.object({
      plant: PlantId.optional(),
      account: AccountId.optional(),
      owner: owner.optional(),
      device: Device.optional(),
      limit,
      after,
    }),
    answers: { 200: list(ModuleView) },
  },
  showModule: {
    method: 'GET',
    path: '/v1/modules/{moduleId}',
    function: 'read-home',
    scope: 'system.read',
    summary: 'One module with its latest readings',
    params: z.object({ moduleId: ModuleId }),
    query: z.object({
      /** Oldest readings to accept, seconds: older ones are asked of the provider first. */
      maxAge: z.coerce.number().int().min(0).optional(),
    }),
    answers: { 200: ModuleView },
  },
  readHistory: {
    method: 'GET',
    path: '/v1/modules/{moduleId}/history',
    function: 'read-home',
    scope: 'system.read',
    summary: 'The past of one capability, oldest first: what is kept here, and what the provider keeps',
    params: z.object({ moduleId: ModuleId }),
    query: z.object({
      capability: CapabilityName,
      /** Both included. */
      from: UtcTime.optional(),
      to: UtcTime.optional(),
      resolution: Resolution.default('raw'),
      limit,
      after,
    }),
    answers: { 200: HistoryView },
  },
  sendCommand: {
    method: 'POST',
    path: '/v1/modules/{moduleId}/commands',
    function: 'send-command',
    scope: 'system.write',
    summary: 'Sends a command to a module and answers what became of it',
    params: z.object({ moduleId: ModuleId }),
    headers: z.object({ ...commandHeaders, 'if-match': IfMatch.optional() }),
    body: wishWith(expiry),
    answers: { 200: CommandView, 202: CommandView },
  },
  sendCommands: {
    method: 'POST',
    path: '/v1/plants/{plantId}/commands',
    function: 'send-command',
    scope: 'system.write',
    summary:
      'Sends a command to the plant as a whole, or a command each to modules of it, and answers what became of them',
    params: z.object({ plantId: PlantId }),
    headers: z.object(commandHeaders),
    body: z.union([
      plantWishWith(expiry),
      z.strictObject({
        commands: z
          .array(wishWith({ moduleId: ModuleId }))
          .min(1)
          .max(50)
          .refine(
            (commands) => new Set(commands.map(({ moduleId }) => moduleId)).size === commands.length,
            'names a module twice',
          ),
        ...expiry,
      }),
    ]),
    answers: { 200: z.union([CommandView, BatchView]), 202: z.union([CommandView, BatchView]) },
  },
  showCommand: {
    method: 'GET',
    path: '/v1/commands/{commandId}',
    function: 'send-command',
    scope: 'system.read',
    summary: 'What became of a command',
    params: z.object({ commandId: CommandId }),
    answers: { 200: CommandView },
  },
  readEvents: {
    method: 'GET',
    path: '/v1/events',
    function: 'read-events',
    scope: 'events.read',
    summary: 'The feed from a cursor on; with `wait` the answer is held until something happens',
    query: z.object({
      after,
      /** A cursor as well: what stands there or later is not told. */
      until: z.string().max(1024).optional(),
      limit,
      /** Seconds. */
      wait: z.coerce.number().min(0).max(20).default(0),
      account: AccountId.optional(),
    }),
    answers: { 200: EventPage },
  },
  digestFeed: {
    method: 'GET',
    path: '/v1/digests/feed',
    function: 'read-digests',
    scope: 'accounts.read',
    summary:
      'Digests of the feed up to a cursor, by ranges of it: of all ranges of a shard, or of those that one consists of',
    query: z.object({
      until: z.string().max(1024),
      /** These two are of a range that was answered; both or none. */
      level: z.coerce.number().int().min(2).max(8).optional(),
      range: z.coerce.number().int().min(0).optional(),
      shard: z.coerce
        .number()
        .int()
        .min(0)
        .max(LOG_SHARDS - 1),
    }),
    answers: { 200: z.object({ items: z.array(FeedDigestView) }) },
  },
  digestAccounts: {
    method: 'GET',
    path: '/v1/digests/accounts',
    function: 'read-digests',
    scope: 'accounts.read',
    summary: 'Digests of accounts, each with its plants and modules as they are now',
    query: z.object({ limit, after }),
    answers: { 200: list(AccountDigestView) },
  },
} as const satisfies Record<string, Route>;
