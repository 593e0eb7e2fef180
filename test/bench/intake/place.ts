/** Where the contenders run: a table and a secret on this machine, and what of it a function is told. */
import { randomUUID } from 'node:crypto';
import { startSecretsManager } from '../../../infra/local/secrets-manager.ts';
import { accountIdFor } from '../../../shared/domain/ids.ts';
import { signHook } from '../../../shared/providers/signature.ts';
import { deriveKey } from '../../../shared/vault/root-key.ts';
import { openStoreBench } from '../../shared/actions/store-bench.ts';

export interface Place {
  /** The environment of a function, and all of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** A webhook's request with a delivery that was never sent before, as API Gateway hands it on. */
  newEvent(): { readonly body: string };
  /** What was kept so far, oldest first, as it came. */
  deliveries(): Promise<string[]>;
  close(): Promise<void>;
}

const ROOT_KEY = 'r'.repeat(64);

export async function openPlace(): Promise<Place> {
  const table = await openStoreBench();
  const secrets = await startSecretsManager({});
  await secrets.write('app', JSON.stringify({ rootKey: ROOT_KEY }));
  const accountId = accountIdFor('legrand', 'owner', 'subject');
  const hookKey = { key: deriveKey(ROOT_KEY, 'hook'), epoch: 1 };
  const hook = signHook(hookKey, 'legrand', { accountId, epoch: 1 });

  return {
    environment: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_SESSION_TOKEN: 'any',
      AWS_ENDPOINT_URL_DYNAMODB: table.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      TABLE_NAME: table.tableName,
      APP_SECRET_ID: 'app',
      TZ: ':UTC',
    },
    newEvent: () => toEvent(hook, JSON.stringify([notification()])),
    deliveries: async () =>
      (await table.records()).flatMap(({ dynamodb }) => dynamodb?.NewImage?.raw?.S ?? []),
    async close() {
      await secrets.close();
      await table.close();
    },
  };
}

function toEvent(hook: string, body: string) {
  const path = `/webhooks/legrand/${hook}`;
  const requestId = randomUUID();
  return {
    version: '2.0',
    routeKey: 'POST /webhooks/{provider}/{hook}',
    rawPath: path,
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      host: 'api.example',
      'content-length': String(body.length),
    },
    pathParameters: { provider: 'legrand', hook },
    body,
    isBase64Encoded: false,
    requestContext: {
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'bench' },
      requestId,
      stage: '$default',
      timeEpoch: Date.now(),
    },
  };
}

/** Legrand's, in the envelope of Event Grid: about one kilobyte. */
function notification(): object {
  const time = new Date().toISOString();
  return {
    id: randomUUID(),
    eventType: 'DeviceToCloud',
    eventTime: time,
    data: {
      chronothermostats: [
        {
          function: 'HEATING',
          mode: 'AUTOMATIC',
          setPoint: { value: '20.00000', unit: 'C' },
          programs: [{ number: '1' }],
          temperatureFormat: 'C',
          loadState: 'INACTIVE',
          time,
          thermometer: { measures: [{ timeStamp: time, value: '20.4', unit: 'C' }] },
          hygrometer: { measures: [{ timeStamp: time, value: '48.2', unit: '%' }] },
          sender: {
            addressType: 'AddressLocation',
            system: 'thermoregulation',
            plant: { id: randomUUID(), module: { id: randomUUID() } },
          },
        },
      ],
    },
  };
}
