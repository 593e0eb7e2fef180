/** The intake halves of the providers, apart from their drivers: `receive-webhook` loads these and nothing more. */
import { allthingstalkIntake } from './allthingstalk/intake.ts';
import type { Intake } from './intake.ts';
import { legrandIntake } from './legrand/intake.ts';
import { netatmoIntake } from './netatmo/intake.ts';

const intakes: Readonly<Record<string, Intake>> = {
  legrand: legrandIntake,
  netatmo: netatmoIntake,
  allthingstalk: allthingstalkIntake,
};

export function intakeOf(provider: string): Intake | undefined {
  return Object.hasOwn(intakes, provider) ? intakes[provider] : undefined;
}
