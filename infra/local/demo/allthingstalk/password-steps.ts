/** By user name and password, then the code of the authenticator app; each wrong at first. */
import { OWNER } from '../account-steps.ts';
import type { Page } from '../browser.ts';
import { expect, present, type Step } from '../step.ts';
import { linkedOn, openLink, refusedOn } from './link-page.ts';
import type { Scene } from './scene.ts';

/** Of the seed; the signs in the password spoil a form that is not encoded. */
const CASEY = { username: 'casey', password: 'stage+right&50%' };

export function passwordSteps(scene: Scene): Step[] {
  const { allthingstalk, browser, client, trail } = scene;
  let linkId: string;
  let page: Page;
  const signIn = (password: string) => browser.submit(page, { ...CASEY, password }, 'Sign in');
  return [
    {
      name: 'start a link',
      async run() {
        ({ linkId, page } = await openLink(scene, OWNER));
        expect(page.status === 200, `the page has status ${page.status}`);
        return `a page of ours, ${page.url}`;
      },
    },
    {
      name: 'enter a wrong password',
      async run() {
        page = await signIn('stage left');
        return `«${await refusedOn(scene, linkId, page)}» The link can still be used`;
      },
    },
    {
      name: 'sign in',
      async run() {
        page = await signIn(CASEY.password);
        expect(page.text.includes('name="code"'), 'the page asks for no code');
        return `${CASEY.username}, and the page asks for a verification code`;
      },
    },
    {
      name: 'enter a wrong code',
      async run() {
        const code = await allthingstalk.code(CASEY.username);
        page = await browser.submit(page, { code: code === '000000' ? '111111' : '000000' }, 'Go on');
        return `«${await refusedOn(scene, linkId, page)}» The link can still be used`;
      },
    },
    {
      name: 'enter the code that the app shows',
      async run() {
        page = await browser.submit(page, { code: await allthingstalk.code(CASEY.username) }, 'Go on');
        trail.accountId = await linkedOn(scene, linkId, page);
        const { linkedBy } = await client.account(trail.accountId);
        const { way } = present(linkedBy, 'a way in which it was linked');
        expect(way === 'password', `it was linked by ${way}`);
        return `account ${trail.accountId}`;
      },
    },
  ];
}
