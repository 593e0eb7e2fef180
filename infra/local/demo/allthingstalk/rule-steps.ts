/** No call makes a rule: the owner does, with the address and the body that the account shows. */
import { changesOf, expect, PATIENCE_SECONDS, present, type Step, until } from '../step.ts';
import { type Scene, SENSOR } from './scene.ts';

const ASSET = 'temperature';
const WARM_C = 24.5;

export function ruleSteps({ allthingstalk, client, trail }: Scene): Step[] {
  let ruleId: string;
  return [
    {
      name: 'paste address and body into a rule',
      async run() {
        const { webhook } = await client.account(trail.accountId);
        const { url, bodyTemplate } = present(webhook.byHand, 'an address for a rule');
        const { assets } = await allthingstalk.device(SENSOR);
        const { assetId } = present(
          assets.find(({ name }) => name === ASSET),
          `an asset ${ASSET}`,
        );
        ruleId = await allthingstalk.addRule({ assetId, url, body: bodyTemplate });
        return `whenever ${SENSOR} tells its ${ASSET}: ${bodyTemplate}`;
      },
    },
    {
      name: 'see what the rule says in the feed',
      async run() {
        trail.cursor = (await client.events(undefined, 0, { limit: 1000 })).next;
        const { deviceId } = await allthingstalk.device(SENSOR);
        await allthingstalk.report(deviceId, ASSET, WARM_C);
        const { event, next } = await client.awaitEvent(
          trail.cursor,
          (event) =>
            changesOf(event).some(({ capability, value }) => capability === ASSET && value === WARM_C),
          PATIENCE_SECONDS,
        );
        trail.cursor = next;
        const modules = await client.modules(trail.accountId);
        const module = modules.find(({ id }) => id === event.subject);
        expect(module?.name === SENSOR, `it is about ${module?.name}`);
        return `${event.type} ${event.id}: ${SENSOR}, ${ASSET} ${WARM_C} °C`;
      },
    },
    {
      name: 'keep other words of a rule apart',
      async run() {
        await allthingstalk.fire(ruleId, '{"temperature":"21"}');
        const { event, next } = await client.awaitEvent(
          trail.cursor,
          ({ type }) => type === 'latchkey.delivery.unreadable',
          PATIENCE_SECONDS,
        );
        trail.cursor = next;
        const answers = await until(
          () => allthingstalk.answers(ruleId),
          ({ length }) => length === 2,
        );
        expect(String(answers) === '200,200', `the rule was answered ${answers.join(', ')}`);
        return `answered 200, kept, and told: it ${event.data.reason}`;
      },
    },
  ];
}
