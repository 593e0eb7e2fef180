/** What an owner can allow at Netatmo, and what each scope is needed for (contract 5). Pure. */
import type { System } from '../../domain/device.ts';

type Verb = 'read' | 'write' | 'access';

/** Devices that one set of scopes is about. */
interface ScopeFamily {
  readonly verbs: readonly Verb[];
  /**
   * Asked for only when a link names them. `access_*` (streams and video) needs Netatmo's approval of the application,
   * `write_doorbell` is known to one client alone, and the bracelet of `june` is no longer sold: a scope that Netatmo
   * does not let an application have would cost the whole link.
   */
  readonly onRequest?: readonly Verb[];
  /** Of the devices in it. */
  readonly systems: readonly System[];
  /** Netatmo's types of devices (contract 3.2); `person` is whom the cameras know. */
  readonly types: readonly string[];
}

const families = {
  station: {
    verbs: ['read'],
    systems: ['weather'],
    types: ['NAMain', 'NAModule1', 'NAModule2', 'NAModule3', 'NAModule4'],
  },
  homecoach: { verbs: ['read'], systems: ['comfort'], types: ['NHC'] },
  thermostat: {
    verbs: ['read', 'write'],
    systems: ['comfort'],
    types: ['NAPlug', 'NATherm1', 'NRV', 'OTH', 'OTM', 'NAC'],
  },
  smarther: { verbs: ['read', 'write'], systems: ['comfort'], types: ['BNS'] },
  /** Legrand's wiring; pilot-wire heating and fans are in it too. Its types are too many to name: see `prefixes`. */
  magellan: {
    verbs: ['read', 'write'],
    systems: ['comfort', 'lighting', 'energy', 'automation'],
    types: ['EBU', 'TPSRS', 'Z3L', 'Z3V'],
  },
  bubendorff: { verbs: ['read', 'write'], systems: ['automation'], types: ['NBG', 'NBR', 'NBO', 'NBS'] },
  camera: {
    verbs: ['read', 'write'],
    onRequest: ['access'],
    systems: ['security'],
    types: ['NACamera', 'NPC', 'NACamDoorTag', 'NIS', 'NDL', 'person'],
  },
  presence: { verbs: ['read', 'write'], onRequest: ['access'], systems: ['security'], types: ['NOC'] },
  doorbell: { verbs: ['read'], onRequest: ['write', 'access'], systems: ['security'], types: ['NDB'] },
  smokedetector: { verbs: ['read'], systems: ['security'], types: ['NSD'] },
  carbonmonoxidedetector: { verbs: ['read'], systems: ['security'], types: ['NCO'] },
  /** BTicino Classe 300: the panel, and the lights and locks on its bus. */
  mx: {
    verbs: ['read', 'write'],
    systems: ['lighting', 'security'],
    types: ['BNCX', 'BNEU', 'BNDL', 'BNSL'],
  },
  /** BTicino MyHome Server 1, with whatever is on its bus. */
  mhs1: {
    verbs: ['read', 'write'],
    systems: ['comfort', 'lighting', 'energy', 'automation', 'security'],
    types: [],
  },
  bfi: { verbs: ['read', 'write'], systems: ['security'], types: [] },
  june: { verbs: [], onRequest: ['read', 'write'], systems: [], types: [] },
} as const satisfies Record<string, ScopeFamily>;
type FamilyName = keyof typeof families;

const entries: readonly (readonly [string, ScopeFamily])[] = Object.entries(families);

/** Every scope that Netatmo knows. */
export const scopes: readonly string[] = entries.flatMap(([name, { verbs, onRequest = [] }]) =>
  [...verbs, ...onRequest].map((verb) => `${verb}_${name}`),
);

/** What systems need, without what only a link that names it asks for. */
export function scopesOfSystems(systems: readonly System[]): readonly string[] {
  return entries
    .filter(([, family]) => family.systems.some((system) => systems.includes(system)))
    .flatMap(([name, { verbs }]) => verbs.map((verb) => `${verb}_${name}`));
}

export interface TypeScopes {
  /** Without it, Netatmo leaves the device out. */
  readonly read: string;
  /** Without it, no command is taken; absent where devices of its family take none. */
  readonly write?: string;
}

/**
 * What a device of one of Netatmo's types needs; a type that is not known goes by the family of its prefix. The plant
 * as a whole has no scope of its own: its mode and schedule need that of its heating, who is there that of `person`.
 */
export function scopesFor(type: string): TypeScopes {
  const name = familyOf(type);
  const { verbs }: ScopeFamily = families[name];
  return { read: `read_${name}`, ...(verbs.includes('write') && { write: `write_${name}` }) };
}

const prefixes: readonly (readonly [prefix: string, name: FamilyName])[] = [
  ['NB', 'bubendorff'],
  ['BN', 'mhs1'],
  ['BF', 'bfi'],
  ['NAModule', 'station'],
];

function familyOf(type: string): FamilyName {
  return familyByType.get(type) ?? prefixes.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'magellan';
}

const familyByType: ReadonlyMap<string, FamilyName> = new Map(
  (Object.keys(families) as FamilyName[]).flatMap((name) =>
    families[name].types.map((type) => [type, name] as const),
  ),
);
