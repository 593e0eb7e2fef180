/** Every kind of push, to the event it must become; and what is no push of Netatmo's. */
import { expect, PATIENCE_SECONDS, present, type Step, until } from '../step.ts';
import { eventOf, inOrder } from './pushes.ts';
import type { Scene } from './scene.ts';

export function pushSteps(scene: Scene): Step[] {
  const { client, netatmo, part, trail, runSchedule } = scene;
  let userId: string;
  let span: { from: string; to: string };
  let sent = 0;
  return [
    {
      name: 'take in a push of every kind',
      async run() {
        ({ userId } = await netatmo.user(part.person.email));
        const { accepted: before } = await hookOf(scene);
        const from = new Date().toISOString();
        trail.cursor = (await client.events(undefined, 0, { limit: 1000 })).next;
        const silent: string[] = [];
        const kinds = await netatmo.pushKinds();
        for (const kind of inOrder(kinds)) {
          const { hooks } = await netatmo.push({ userId, kind });
          expect(hooks === 1, `nobody listens to ${kind}`);
          sent += 1;
          const fits = eventOf(kind);
          if (typeof fits === 'string') {
            silent.push(`${kind} ${fits}`);
            continue;
          }
          const awaited = client.awaitEvent(trail.cursor, fits, PATIENCE_SECONDS);
          trail.cursor = (await awaited.catch((cause: Error) => failOn(kind, cause))).next;
        }
        await until(
          () => hookOf(scene),
          ({ accepted }) => accepted === before + sent,
        );
        span = { from, to: new Date().toISOString() };
        expect(sent === kinds.length, `${sent} of ${kinds.length} kinds were sent`);
        return `${sent - silent.length} became events; ${silent.join('; ')}`;
      },
    },
    {
      name: 'keep junk and forgeries apart',
      async run() {
        await netatmo.push({ userId, kind: 'NSD-smoke', signature: 'wrong' });
        await netatmo.push({ userId, body: 'this is no push' });
        const { event, seen, next } = await client.awaitEvent(
          trail.cursor,
          ({ type }) => type === 'latchkey.delivery.unreadable',
          PATIENCE_SECONDS,
        );
        trail.cursor = next;
        expect(!seen.some(({ type }) => type === 'latchkey.security.smoke'), 'a forged push was believed');
        const { failureEpochMs } = await hookOf(scene);
        expect(failureEpochMs.length === 0, 'Netatmo counts a failure towards a ban');
        return `the junk ${event.data.reason}; the smoke alarm with a wrong signature changed nothing`;
      },
    },
    {
      name: 'have understood every one of them',
      async run() {
        await client.replay(trail.accountId, span);
        await runSchedule('sync-accounts');
        const { replay } = await until(
          () => client.account(trail.accountId),
          (account) => account.replay?.finishedAt !== undefined,
        );
        const { deliveries, unreadable, ignored } = present(replay, 'a replay').counts;
        expect(deliveries === sent, `${sent} were sent, and ${deliveries} are kept`);
        expect(unreadable === 0, `${unreadable} could not be read`);
        return `${deliveries} kept and read again, ${ignored} of them say nothing of a module`;
      },
    },
  ];
}

async function hookOf({ netatmo }: Scene) {
  return present((await netatmo.hooks())[0], "a hook at Netatmo's");
}

function failOn(kind: string, cause: Error): never {
  throw new Error(`${kind}: ${cause.message}`, { cause });
}
