/** A ground token never changes, and lives until its owner deletes it. */
import { displayNames } from '../../../../shared/domain/provider-name.ts';
import { expect, PATIENCE_SECONDS, type Step } from '../step.ts';
import { GROUND_OWNER, moduleNamed, type Scene, SENSOR } from './scene.ts';
import { groundIdOf, linkByGround } from './token-steps.ts';

export function deletedTokenSteps(scene: Scene): Step[] {
  const { allthingstalk, byGround, client, runSchedule, trail } = scene;
  return [
    {
      name: 'delete the ground token',
      async run() {
        const groundId = await groundIdOf(scene);
        await allthingstalk.deleteToken((await allthingstalk.token('ground', groundId)).tokenId);
        await client.sync(byGround.accountId);
        await runSchedule('sync-accounts');
        const { next } = await client.awaitEvent(
          trail.cursor,
          ({ type, subject }) =>
            type === 'latchkey.account.reauth_required' && subject === byGround.accountId,
          PATIENCE_SECONDS,
        );
        trail.cursor = next;
        const { status, health } = await client.account(byGround.accountId);
        expect(status === 'reauth_required', `the account is ${status}`);
        return `with the daily sync the account is ${status}: ${health.explanation}`;
      },
    },
    {
      name: 'link it again',
      async run() {
        const { tokenId, text } = await allthingstalk.addToken(await groundIdOf(scene));
        const accountId = await linkByGround(scene, text);
        expect(accountId === byGround.accountId, `it is another account, ${accountId}`);
        const { status } = await client.account(accountId);
        expect(status === 'linked', `the account is ${status}`);
        const { id } = await moduleNamed(scene, byGround, SENSOR);
        await client.module(id, 0);
        const cloud = displayNames.allthingstalk;
        return `token ${tokenId} heals the account of ${GROUND_OWNER}, and ${cloud} answers again`;
      },
    },
  ];
}
