/** What a user can allow an application (contract 5). Pure. */

/** The kinds of devices that scopes are about, each with what its scopes let an application do. */
export const scopeFamilies = {
  station: { shown: 'Weather station', verbs: ['read'] },
  homecoach: { shown: 'Indoor air quality monitor', verbs: ['read'] },
  thermostat: { shown: 'Thermostat and valves', verbs: ['read', 'write'] },
  smarther: { shown: 'Smarther', verbs: ['read', 'write'] },
  magellan: { shown: 'Legrand switches, plugs, shutters and meters', verbs: ['read', 'write'] },
  bubendorff: { shown: 'Bubendorff shutters', verbs: ['read', 'write'] },
  camera: { shown: 'Indoor camera', verbs: ['read', 'write', 'access'] },
  presence: { shown: 'Outdoor camera', verbs: ['read', 'write', 'access'] },
  doorbell: { shown: 'Video doorbell', verbs: ['read', 'write', 'access'] },
  smokedetector: { shown: 'Smoke alarm', verbs: ['read'] },
  carbonmonoxidedetector: { shown: 'Carbon monoxide alarm', verbs: ['read'] },
  mx: { shown: 'BTicino Classe 300', verbs: ['read', 'write'] },
  mhs1: { shown: 'BTicino MyHome Server 1', verbs: ['read', 'write'] },
  bfi: { shown: 'BTicino IP', verbs: ['read', 'write'] },
  june: { shown: 'June bracelet', verbs: ['read', 'write'] },
} as const;
export type ScopeFamily = keyof typeof scopeFamilies;

export const scopes: readonly string[] = Object.entries(scopeFamilies).flatMap(([family, { verbs }]) =>
  verbs.map((verb) => `${verb}_${family}`),
);

/** An empty scope means this one. */
export const DEFAULT_SCOPE = 'read_station';

export function describeScope(scope: string): string {
  const [verb = '', family = ''] = scope.split('_');
  const { shown } = scopeFamilies[family as ScopeFamily];
  const done = { read: 'see', write: 'control', access: 'watch live and recorded video of' }[verb];
  return `${done} – ${shown}`;
}

export function mayRead(granted: readonly string[], family: ScopeFamily): boolean {
  return granted.includes(`read_${family}`);
}

export function mayWrite(granted: readonly string[], family: ScopeFamily): boolean {
  return granted.includes(`write_${family}`);
}
