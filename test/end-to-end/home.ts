/** Owners with homes of their own, linked as a person would: through the pages, in a browser. */
import { type Browser, createBrowser, type Page } from '../../infra/local/demo/browser.ts';
import type { AwaitedEvent, Client } from '../../infra/local/demo/client.ts';
import type {
  LegrandControls,
  Person,
  PersonWish,
  Thermostat,
} from '../../infra/local/demo/legrand/controls.ts';
import type { CommandView, ModuleView } from '../../shared/api/views.ts';
import type { Event } from '../../shared/domain/event.ts';
import { PATIENCE_SECONDS, present, until } from './until.ts';

/** What it takes to link a home and look at it. */
export interface Place {
  readonly client: Client;
  readonly legrand: LegrandControls;
}

export interface Home {
  readonly owner: string;
  readonly person: Person;
  readonly accountId: string;
  /** The first plant's id at Legrand. */
  readonly plantNativeId: string;
  readonly modules: readonly HomeModule[];
}

export interface HomeModule {
  readonly moduleId: string;
  readonly name: string;
  /** Its id at Legrand. */
  readonly nativeId: string;
}

export const PASSWORD = 'legrand';
let people = 0;

/** Somebody new at Legrand, with one plant of one thermostat unless told otherwise. */
export async function someone(
  { legrand }: Pick<Place, 'legrand'>,
  plants: PersonWish['plants'] = [{ name: 'House' }],
): Promise<Person> {
  people += 1;
  return await legrand.addPerson({ email: `person-${people}@example.net`, name: `Person ${people}`, plants });
}

/** Opens a link in a browser and presses a button on the consent page; the address that Legrand sends back to. */
export async function consent(
  browser: Browser,
  linkUrl: string,
  email: string,
  button: 'Allow' | 'Deny' = 'Allow',
): Promise<string> {
  const page = await browser.visit(linkUrl);
  const fields: Record<string, string> = button === 'Allow' ? { email, password: PASSWORD } : {};
  return present((await browser.submit(page, fields, button)).location, 'way back to Latchkey');
}

/** Starts a link and goes all the way; the page it ends with. */
export async function link(
  { client }: Pick<Place, 'client'>,
  owner: string,
  email: string,
): Promise<{ linkId: string; page: Page }> {
  const browser = createBrowser();
  const { id, url } = await client.startLink({ provider: 'legrand', owner });
  return { linkId: id, page: await browser.get(await consent(browser, url, email)) };
}

/** Links somebody new. */
export async function linkHome(place: Place, plants?: PersonWish['plants']): Promise<Home> {
  const person = await someone(place, plants);
  const owner = `owner of ${person.email}`;
  const { linkId, page } = await link(place, owner, person.email);
  if (page.status !== 200) throw new Error(`the link ended with ${page.status}: ${page.text}`);
  const accountId = present((await place.client.showLink(linkId)).accountId, 'account');
  return await lookAt(place, { owner, person, accountId });
}

/** A linked home, with its modules and their twins at Legrand. */
export async function lookAt(
  { client, legrand }: Place,
  linked: Pick<Home, 'owner' | 'person' | 'accountId'>,
): Promise<Home> {
  const twins = (await legrand.state()).plants.filter(({ userId }) => userId === linked.person.userId);
  const nativeIdOf = ({ name }: ModuleView) =>
    present(
      twins.flatMap(({ modules }) => modules).find((twin) => twin.name === name),
      `twin of ${name}`,
    ).moduleId;
  const modules = (await client.modules(linked.accountId)).map((module) => ({
    moduleId: module.id,
    name: module.name,
    nativeId: nativeIdOf(module),
  }));
  return { ...linked, plantNativeId: linked.person.plantIds[0] ?? '', modules };
}

export function firstModule({ modules }: Pick<Home, 'modules'>): HomeModule {
  return present(modules[0], 'module');
}

/** The thermostat as it really is, at Legrand. */
export async function thermostatOf(
  { legrand }: Pick<Place, 'legrand'>,
  nativeId: string,
): Promise<Thermostat> {
  const modules = (await legrand.state()).plants.flatMap((plant) => plant.modules);
  return present(
    modules.find(({ moduleId }) => moduleId === nativeId),
    `module ${nativeId}`,
  );
}

/** All events of an account so far, oldest first. */
export async function eventsOf(
  { client }: Pick<Place, 'client'>,
  account: string,
): Promise<readonly Event[]> {
  return (await client.events(undefined, 0, { account, limit: 1000 })).events;
}

/** Reads an account's events from the beginning until one fits. */
export async function awaitEvent(
  { client }: Pick<Place, 'client'>,
  account: string,
  fits: (event: Event) => boolean,
): Promise<AwaitedEvent> {
  return await client.awaitEvent(undefined, fits, PATIENCE_SECONDS, { account });
}

/** Whether an event says that a module's reading became this. */
export function isChange(moduleId: string, capability: string, value: unknown): (event: Event) => boolean {
  return ({ type, subject, data }) => {
    const changes = (data.changes ?? []) as { capability: string; value: unknown }[];
    const isTold = changes.some((change) => change.capability === capability && change.value === value);
    return type === 'latchkey.module.changed' && subject === moduleId && isTold;
  };
}

/** The value of a reading; undefined where the module has none. */
export function readingOf({ readings }: ModuleView, capability: string): unknown {
  return readings.find((reading) => reading.capability === capability)?.value;
}

/** A command once its effect was seen. */
export function observed({ client }: Pick<Place, 'client'>, { id }: CommandView): Promise<CommandView> {
  return until(
    () => client.showCommand(id),
    ({ observedAt }) => observedAt !== undefined,
  );
}

/** The calls that Legrand saw for a home's owner, as `set_status 200`, oldest first. */
export async function callsOf(
  { legrand }: Pick<Place, 'legrand'>,
  { person }: Pick<Home, 'person'>,
  ...operations: string[]
): Promise<string[]> {
  return (await legrand.requests())
    .filter(({ userId, operation = '' }) => userId === person.userId && operations.includes(operation))
    .map(({ operation, status }) => `${operation} ${status}`);
}
