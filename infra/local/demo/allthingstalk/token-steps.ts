/** By tokens that were made on AllThingsTalk's pages: they look alike, so each is tried before it is taken. */
import { expect, type Step } from '../step.ts';
import { linkedOn, type OpenedLink, openLink, refusedOn } from './link-page.ts';
import { DEVICE_OWNER, GROUND_OWNER, HOUSE, type Scene, SENSOR } from './scene.ts';

export function tokenSteps(scene: Scene): Step[] {
  const { allthingstalk, browser, byDevice, byGround, client } = scene;
  let link: OpenedLink;
  return [
    {
      name: 'link by a ground token',
      async run() {
        const { tokenId, text } = await allthingstalk.token('ground', await groundIdOf(scene));
        byGround.accountId = await linkByGround(scene, text);
        const [plant, ...others] = await client.plants(byGround.accountId);
        expect(
          plant?.name === HOUSE && others.length === 0,
          `it opens ${plant?.name} and ${others.length} more`,
        );
        return `token ${tokenId} opens ${plant?.name} with ${plant?.modules.length} modules, for ${GROUND_OWNER}`;
      },
    },
    {
      name: 'have a device token told apart',
      async run() {
        const { deviceId } = await allthingstalk.device(SENSOR);
        const { text } = await allthingstalk.token('device', deviceId);
        link = await openLink(scene, DEVICE_OWNER);
        const page = await browser.submit(
          link.page,
          { id: deviceId, token: text },
          'Link',
          'Use a ground token',
        );
        link = { ...link, page };
        return `as a ground token: «${await refusedOn(scene, link.linkId, page)}»`;
      },
    },
    {
      name: 'link by a device token',
      async run() {
        const { deviceId } = await allthingstalk.device(SENSOR);
        const { tokenId, text } = await allthingstalk.token('device', deviceId);
        const page = await browser.submit(
          link.page,
          { id: deviceId, token: text },
          'Link',
          'Use a device token',
        );
        byDevice.accountId = await linkedOn(scene, link.linkId, page);
        const [module, ...others] = await client.modules(byDevice.accountId);
        expect(
          module?.name === SENSOR && others.length === 0,
          `it opens ${module?.name} and ${others.length} more`,
        );
        return `token ${tokenId} opens ${module?.name} alone, for ${DEVICE_OWNER}`;
      },
    },
  ];
}

export async function groundIdOf({ allthingstalk }: Scene): Promise<string> {
  const ground = (await allthingstalk.state()).grounds.find(({ title }) => title === HOUSE);
  if (!ground) throw new Error(`there is no ground ${HOUSE}`);
  return ground.groundId;
}

/** The account. */
export async function linkByGround(scene: Scene, token: string): Promise<string> {
  const { linkId, page } = await openLink(scene, GROUND_OWNER);
  const fields = { id: await groundIdOf(scene), token };
  return await linkedOn(
    scene,
    linkId,
    await scene.browser.submit(page, fields, 'Link', 'Use a ground token'),
  );
}
