/** The simulated AllThingsTalk's own switches, under `/_sim/`, as the demo uses them. */
import * as z from 'zod';
import { askSimulator } from '../simulator.ts';

const State = z.looseObject({
  grounds: z.array(z.looseObject({ groundId: z.string(), title: z.string() })),
  devices: z.array(
    z.looseObject({
      deviceId: z.string(),
      title: z.string(),
      /** What it does not do, it never does; seconds. */
      actsAfterSeconds: z.number().optional(),
      assets: z.array(
        z.looseObject({
          assetId: z.string(),
          name: z.string(),
          is: z.enum(['sensor', 'actuator', 'virtual', 'config']),
        }),
      ),
    }),
  ),
});
export type Device = z.infer<typeof State>['devices'][number];

const StaticToken = z.looseObject({
  tokenId: z.string(),
  kind: z.enum(['ground', 'device']),
  /** The id of its ground or device. */
  ofId: z.string(),
  text: z.string(),
});
export type StaticToken = z.infer<typeof StaticToken>;

const SentCommand = z.looseObject({
  deviceId: z.string(),
  outcome: z.enum(['delivered', 'lost', 'queued']),
});

const Rule = z.looseObject({ ruleId: z.string() });
const Attempt = z.looseObject({ ruleId: z.string(), status: z.int().optional() });

export interface AllthingstalkControls {
  state(): Promise<z.infer<typeof State>>;
  /** By its title. */
  device(title: string): Promise<Device>;
  /** What a user's authenticator app shows now. */
  code(userName: string): Promise<string>;
  /** A ground's or a device's token, as the settings pages show it. */
  token(kind: StaticToken['kind'], ofId: string): Promise<StaticToken>;
  /** Another token of a ground. */
  addToken(groundId: string): Promise<StaticToken>;
  deleteToken(tokenId: string): Promise<void>;
  /** What became of the commands, oldest first. */
  commands(): Promise<z.infer<typeof SentCommand>[]>;
  setOnline(deviceId: string, online: boolean): Promise<void>;
  /** A device says what is. */
  report(deviceId: string, asset: string, value: unknown): Promise<void>;
  /** Has every value of an asset call an address; the rule's id. */
  addRule(rule: { assetId: string; url: string; body: string }): Promise<string>;
  /** Lets a rule call now, with its own body or another that is sent as it is. */
  fire(ruleId: string, body?: string): Promise<void>;
  /** What a rule's calls were answered, oldest first. */
  answers(ruleId: string): Promise<(number | undefined)[]>;
  set(settings: Record<string, unknown>): Promise<void>;
  advance(seconds: number): Promise<void>;
}

export function createAllthingstalkControls(url: string): AllthingstalkControls {
  const ask = askSimulator(url);
  const tell = async (path: string, body: unknown) => {
    await ask('POST', path, body);
  };
  const state = async () => State.parse(await ask('GET', '/state'));
  return {
    state,
    async device(title) {
      const device = (await state()).devices.find((each) => each.title === title);
      if (!device) throw new Error(`there is no device ${title}`);
      return device;
    },
    async code(userName) {
      return z.looseObject({ code: z.string() }).parse(await ask('GET', `/users/${userName}/code`)).code;
    },
    async token(kind, ofId) {
      const tokens = z.array(StaticToken).parse(await ask('GET', '/tokens'));
      const token = tokens.find((each) => each.kind === kind && each.ofId === ofId);
      if (!token) throw new Error(`there is no token of the ${kind} ${ofId}`);
      return token;
    },
    addToken: async (groundId) => StaticToken.parse(await ask('POST', '/tokens', { groundId })),
    async deleteToken(tokenId) {
      await ask('DELETE', `/tokens/${tokenId}`);
    },
    commands: async () => z.array(SentCommand).parse(await ask('GET', '/commands')),
    setOnline: (deviceId, online) => tell('/device', { deviceId, online }),
    report: (deviceId, asset, value) => tell('/report', { deviceId, asset, value }),
    addRule: async (rule) => Rule.parse(await ask('POST', '/rules', rule)).ruleId,
    fire: (ruleId, body) => tell(`/rules/${ruleId}/fire`, { ...(body !== undefined && { body }) }),
    async answers(ruleId) {
      const attempts = z.array(Attempt).parse(await ask('GET', '/attempts'));
      return attempts.filter((attempt) => attempt.ruleId === ruleId).map(({ status }) => status);
    },
    set: (settings) => tell('/settings', settings),
    advance: (advanceSeconds) => tell('/clock', { advanceSeconds }),
  };
}
