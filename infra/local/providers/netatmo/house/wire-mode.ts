import type { Home } from './home.ts';
import type { Climate } from './room.ts';

/** Smarther and OpenTherm say `home` of a room that follows its home; the older devices name what it follows. */
export function wireMode(home: Home, { kind, mode }: Climate): string {
  if (mode !== 'home' || kind !== 'classic') return mode;
  return home.thermMode;
}
