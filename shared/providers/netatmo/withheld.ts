/** What of a module the owner's consent does not reach (contract 5). Pure. */
import type { CommandAction } from '../../domain/command-action.ts';
import type { ModuleDescription, Withheld } from '../../domain/module.ts';
import type { CapabilityName } from '../../domain/reading.ts';
import { scopesFor } from './scopes.ts';

export interface Abilities {
  readonly capabilities: readonly CapabilityName[];
  readonly actions: readonly CommandAction[];
}

/**
 * Divides what a module could do into what it can and what it can not for want of a scope.
 * @param typeOf – the type whose scope an action needs; the module's own unless given, which is what it is read with
 */
export function withhold(
  type: string,
  { capabilities, actions }: Abilities,
  granted: readonly string[],
  typeOf: (action: CommandAction) => string = () => type,
): Pick<ModuleDescription, 'capabilities' | 'actions' | 'withheld'> {
  const withheld = new Map<string, Withheld>();
  const missing = (scope: string) => {
    const known = withheld.get(scope) ?? { scope, capabilities: [], actions: [] };
    withheld.set(scope, known);
    return known;
  };
  const isGranted = (scope: string | undefined) => scope === undefined || granted.includes(scope);

  const { read } = scopesFor(type);
  if (!isGranted(read) && capabilities.length > 0) missing(read).capabilities.push(...capabilities);
  const allowed = actions.filter((action) => {
    const { write } = scopesFor(typeOf(action));
    if (write === undefined || isGranted(write)) return true;
    missing(write).actions.push(action);
    return false;
  });
  return {
    capabilities: isGranted(read) ? [...capabilities] : [],
    actions: allowed,
    withheld: [...withheld.values()],
  };
}
