/**
 * What nobody outside knows for certain about the real cloud: each point of the contract's section 8 is a switch
 * here, and its usual position is the one that the contract takes for the likeliest.
 */
import * as z from 'zod';
import { flag } from '../simulation/form-values.ts';

const whole = z.coerce.number().int().positive();
const fromZero = z.coerce.number().min(0);
const statusOf = <const S extends readonly number[]>(...known: S) => z.coerce.number().pipe(z.literal(known));

/** A list in JSON, or words separated by commas in a form. */
const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(/[ ,]+/).filter((word) => word !== '') : value),
    z.array(item),
  );

export const Resolution = z.enum(['minute', 'hour', 'day', 'week', 'month']);
export type Resolution = z.infer<typeof Resolution>;

/** Routes whose form nobody has seen: a test that wants one says so. */
export const UndocumentedRoute = z.enum(['list_grounds', 'read_ground', 'create_device']);
export type UndocumentedRoute = z.infer<typeof UndocumentedRoute>;

export const Settings = z.object({
  /** 1. The status of the answer that carries `MfaUid` and `UserId`. */
  mfaChallengeStatus: statusOf(200, 400, 401),
  mfaChallengeLifeSeconds: whole,
  /** Wrong codes after which a challenge is dead. */
  mfaAttempts: whole,
  /** 2. The only field in which a code is accepted; `any`: every spelling that is thinkable, in any case. */
  mfaCodeField: z.enum(['any', 'VerificationCode', 'verificationCode', 'verification_code', 'code']),
  mfaPasswordAgain: z.enum(['optional', 'required']),
  /** 3. Who needs a code: whoever has an authenticator, everyone (who has none cannot sign in), or nobody. */
  mfaRequired: z.enum(['enrolled', 'everyone', 'nobody']),
  /** 4. Counted from `.issued`; the vendor's own sample says 3599 and a `.expires` one day after `.issued`. */
  accessLifeSeconds: whole,
  expiresSkewSeconds: fromZero,
  /** 5. */
  rotateRefresh: flag,
  oldRefresh: z.enum(['rejected', 'accepted']),
  refreshLifeSeconds: whole,
  /** 6. */
  errorForm: z.enum(['message', 'capital_message', 'status_error', 'oauth', 'html']),
  unauthorizedText: z.string(),
  /** 7. Whether a token without its `maker:` counts as well. */
  acceptBareSecret: flag,
  /** 8. What a ground or device token hears where only users may go. */
  userRoutesStatus: statusOf(403, 401),
  /** 9. */
  stateWriteAnswer: z.enum(['state', 'empty', 'no_content']),
  /** 10. */
  commandStatus: statusOf(200, 202, 204),
  offlineCommands: z.enum(['lost', 'queued']),
  /** 11. What of a command becomes state by itself, and whether every device says what it was told. */
  commandSetsState: z.enum(['virtual', 'always', 'never']),
  autoEcho: flag,
  autoEchoDelaySeconds: fromZero,
  /** 12. */
  validation: z.enum(['coerce', 'strict', 'none']),
  /** 13. Partial: what is unknown or invalid is left out without a word. */
  bulkWrite: z.enum(['partial', 'atomic']),
  /** 14. */
  historyPageSize: whole,
  historyOrder: z.enum(['ascending', 'descending']),
  historyMembers: z.enum(['none', 'paged']),
  historyTo: z.enum(['inclusive', 'exclusive']),
  /** 15. */
  activityPaging: z.enum(['ignored', 'paged']),
  activityFields: z.enum(['all', 'avg']),
  emptyBuckets: z.enum(['null', 'omitted']),
  /** 16. `raw`: as if the resolution had not been asked for. */
  resolutions: listOf(Resolution),
  unknownResolution: z.enum(['refused', 'raw']),
  /** 17. */
  neverReported: z.enum(['null', 'null_members', 'missing']),
  neverReportedStatus: statusOf(200, 404),
  /** 18. */
  stateForm: z.enum(['wrapped', 'bare']),
  /** 19. What the history of a device without storage is. */
  historyWithoutStorage: z.enum(['empty', 'not_found']),
  /** 20. What a value older than the current one does. */
  olderState: z.enum(['kept_in_history', 'becomes_current']),
  /** 21. */
  sameAt: z.enum(['last_wins', 'both_kept']),
  /** 22. 0: a ground's devices all in one answer. */
  devicesPerPage: z.coerce.number().int().min(0),
  /** 23. Calls of one token in a minute; 0: any number. */
  callsPerMinute: z.coerce.number().int().min(0),
  /** 24. */
  webhookAttempts: whole,
  webhookRetrySeconds: fromZero,
  webhookDeadlineMs: whole,
  /** 25. How long a written value, and a new asset, are not there yet. */
  readDelaySeconds: fromZero,
  newAssetDelaySeconds: fromZero,
  /** 26. How far the state inside of devices and assets is behind. */
  embeddedLagSeconds: fromZero,
  /** 27. Those that are served; everything else is 404. */
  undocumentedRoutes: listOf(UndocumentedRoute),
  /** 28. */
  metaWritable: flag,
});
export type Settings = z.infer<typeof Settings>;

export const usualSettings: Settings = {
  mfaChallengeStatus: 200,
  mfaChallengeLifeSeconds: 300,
  mfaAttempts: 5,
  mfaCodeField: 'any',
  mfaPasswordAgain: 'optional',
  mfaRequired: 'enrolled',
  accessLifeSeconds: 3599,
  expiresSkewSeconds: 0,
  rotateRefresh: true,
  oldRefresh: 'rejected',
  refreshLifeSeconds: 60 * 86_400,
  errorForm: 'message',
  unauthorizedText: 'Authorization has been denied for this request.',
  acceptBareSecret: true,
  userRoutesStatus: 403,
  stateWriteAnswer: 'state',
  commandStatus: 200,
  offlineCommands: 'lost',
  commandSetsState: 'virtual',
  autoEcho: false,
  autoEchoDelaySeconds: 2,
  validation: 'coerce',
  bulkWrite: 'partial',
  historyPageSize: 1000,
  historyOrder: 'ascending',
  historyMembers: 'none',
  historyTo: 'inclusive',
  activityPaging: 'ignored',
  activityFields: 'all',
  emptyBuckets: 'null',
  resolutions: Resolution.options,
  unknownResolution: 'refused',
  neverReported: 'null',
  neverReportedStatus: 200,
  stateForm: 'wrapped',
  historyWithoutStorage: 'empty',
  olderState: 'kept_in_history',
  sameAt: 'last_wins',
  devicesPerPage: 0,
  callsPerMinute: 0,
  webhookAttempts: 1,
  webhookRetrySeconds: 30,
  webhookDeadlineMs: 10_000,
  readDelaySeconds: 0,
  newAssetDelaySeconds: 0,
  embeddedLagSeconds: 0,
  undocumentedRoutes: [],
  metaWritable: false,
};
