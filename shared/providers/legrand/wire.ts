/**
 * What Legrand says and is told, as schemas. Tolerant on purpose: extra fields are ignored, numbers may be text,
 * and an optional field that cannot be read counts as absent, so that one odd value never hides the others.
 * @see Smarther v2.0
 */
import * as z from 'zod';
import { itemsOf, lenient, listOf, number, text, word } from '../lenient.ts';

const id = z.string().min(1);
/** Upper case in answers, lower case in the documentation. */
const oneOf = <T extends string>(...words: [T, ...T[]]) =>
  lenient(z.string().toLowerCase().pipe(z.enum(words)));

const Measure = z.object({ value: number, unit: text, timeStamp: text });
export type Measure = z.infer<typeof Measure>;

const Measures = lenient(z.object({ measures: listOf(Measure) }));

const Sender = z.object({ plant: z.object({ id, module: z.object({ id }) }) });

export const Thermostat = z.object({
  function: oneOf('heating', 'cooling'),
  mode: oneOf('automatic', 'manual', 'boost', 'off', 'protection'),
  setPoint: lenient(Measure),
  programs: listOf(z.object({ number })),
  activationTime: text,
  /** Unit that the device displays. */
  temperatureFormat: text,
  loadState: oneOf('active', 'inactive'),
  /** The device's own clock. */
  time: text,
  thermometer: Measures,
  hygrometer: Measures,
  sender: lenient(Sender),
});
export type Thermostat = z.infer<typeof Thermostat>;

export const StatusAnswer = z.object({ chronothermostats: listOf(Thermostat) });

/** Without its list this is no answer: taking it for «no plants» would forget the owner's home. */
export const PlantsAnswer = z.object({ plants: itemsOf(z.object({ id, name: text })) });

const CanDo = z.object({ canDo: z.object({ command: z.object({ do: z.boolean() }) }), capability: word });

const WireModule = z.object({ device: word, id, name: text, capabilities: listOf(CanDo) });
export type WireModule = z.infer<typeof WireModule>;

export const TopologyAnswer = z.object({ plant: z.object({ modules: listOf(WireModule) }) });

export const ProgramListAnswer = z.object({
  chronothermostats: listOf(
    z.object({ programs: listOf(z.object({ number: z.coerce.number(), name: text })) }),
  ),
});

export const SubscriptionsAnswer = itemsOf(
  z.object({ plantId: id, subscriptionId: id, EndPointUrl: z.string() }),
);

export const SubscribedAnswer = z.object({ subscriptionId: id });

/** What a webhook delivers, Event Grid's way. */
export const Envelope = z.object({ eventType: text, data: z.unknown().optional() });
export const ThermostatEvent = z.object({ chronothermostats: z.array(z.unknown()) });

export const TokenSet = z.object({
  access_token: z.string().min(1),
  refresh_token: text,
  expires_in: number,
  expires_on: number,
  refresh_token_expires_in: number,
  scope: text,
  id_token: text,
});

/** The body of set status. */
export interface SetStatus {
  readonly function: 'heating' | 'cooling';
  readonly mode: 'automatic' | 'manual' | 'boost' | 'off' | 'protection';
  /** Legrand wants text here. */
  readonly setPoint?: { readonly value: string; readonly unit: 'C' };
  readonly programs?: readonly [{ readonly number: number }];
  /** The device's wall clock, whole minutes: an end, or `start/end`. */
  readonly activationTime?: string;
}
