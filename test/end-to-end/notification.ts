/** Webhooks as Legrand writes them (ids and times are the test's), and sending one without Legrand. */
import { randomUUID } from 'node:crypto';
import type { LegrandControls } from '../../infra/local/demo/legrand/controls.ts';
import { firstModule, type Home } from './home.ts';
import { present, until } from './until.ts';

interface Said {
  readonly temperatureC: number;
  /** When the thermostat says it was, epoch milliseconds; it counts whole seconds. Default: now. */
  readonly atMs?: number;
  /** Default: the home's first. */
  readonly moduleNativeId?: string;
}

/** What a thermostat says, without an envelope. */
export function bareNotification(
  home: Home,
  { temperatureC, atMs = Date.now(), moduleNativeId = firstModule(home).nativeId }: Said,
) {
  const time = new Date(atMs).toISOString().replace(/\.\d{3}Z$/, '+00:00');
  const measured = (value: number, unit: string) => ({
    measures: [{ timeStamp: time, value: String(value), unit }],
  });
  return {
    chronothermostats: [
      {
        function: 'HEATING',
        mode: 'AUTOMATIC',
        setPoint: { value: '20.00000', unit: 'C' },
        programs: [{ number: '1' }],
        temperatureFormat: 'C',
        loadState: 'INACTIVE',
        time,
        thermometer: measured(temperatureC, 'C'),
        hygrometer: measured(48.2, '%'),
        online: false,
        sender: {
          addressType: 'AddressLocation',
          system: 'thermoregulation',
          plant: { id: home.plantNativeId, module: { id: moduleNativeId } },
        },
      },
    ],
  };
}

/** The same in the envelope of Event Grid. */
export function notification(home: Home, said: Said) {
  return envelope('DeviceToCloud', bareNotification(home, said));
}

export function handshake(validationCode: string) {
  return envelope('Microsoft.EventGrid.SubscriptionValidationEvent', { validationCode });
}

function envelope(eventType: string, data: unknown) {
  return { id: randomUUID(), eventType, eventTime: new Date().toISOString(), data };
}

/** The address that Legrand calls for a home. */
export async function hookOf({ legrand }: { legrand: LegrandControls }, home: Home): Promise<string> {
  const held = (await legrand.state()).subscriptions.find(({ plantId }) => plantId === home.plantNativeId);
  return present(held, 'subscription').endPointUrl;
}

/** Sends a body to a webhook address: text and bytes as they are, everything else as JSON. */
export async function postOnce(url: string, body: unknown): Promise<{ status: number; text: string }> {
  const sent = typeof body === 'string' || body instanceof Buffer ? Buffer.from(body) : JSON.stringify(body);
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: sent });
  return { status: answer.status, text: await answer.text() };
}

/** The same until it is not put off any more, as Legrand does: a busy machine may miss the deadline of 550 ms. */
export function post(url: string, body: unknown): Promise<{ status: number; text: string }> {
  return until(
    () => postOnce(url, body),
    ({ status }) => status !== 503,
  );
}
