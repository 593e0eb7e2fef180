/** Rows about stores that are out of order, and about answers that do not come or say something else. */
import type { Fault } from '../../infra/local/aws/faults.ts';
import type { TokenFault } from '../shared/vault/token-server.ts';
import { mishap } from './mishap.ts';
import { type Row, unforgiving } from './row.ts';
import type { Stage } from './stage.ts';

type Outage = Pick<Fault, 'service' | 'effect'> & Partial<Fault>;

/** For as long as a run takes, however often it asks. */
const LASTING = 10_000;
/** Of the secrets that a run reads, the application's own comes first. */
const AFTER_APP_SECRET = 1;

const secrets = { service: 'secretsmanager' } as const;
const reading = { ...secrets, action: 'GetSecretValue', skip: AFTER_APP_SECRET } as const;
const keeping = { ...secrets, action: 'PutSecretValue' } as const;
const table = { service: 'dynamodb', effect: 'fail', times: LASTING } as const;

export function outageRows(): Row[] {
  return [
    during('Secrets Manager throttled before the exchange', { ...reading, effect: 'throttle', times: 3 }),
    during('Secrets Manager down before the exchange', { ...reading, effect: 'fail', times: LASTING }),
    during('Secrets Manager throttled after the exchange', { ...keeping, effect: 'throttle', times: 3 }),
    mishap('Secrets Manager down after the exchange', keepAside),
    during('Keep is done and its answer lost', { ...keeping, effect: 'cut', when: 'after', times: 1 }),
    during('DynamoDB down before the exchange', { ...table, action: 'UpdateItem' }),
    mishap('DynamoDB down after the exchange', keepWithoutCommit),
    answered('request lost on the network', 'reset'),
    answered('answer lost on the network', 'reset_committed', unforgiving),
    answered('answer cut in half', 'half', unforgiving),
    answered('an HTML page with status 502', 'html'),
    answered('status 429', 'throttled'),
  ];
}

function during(name: string, outage: Outage): Row {
  return mishap(name, async (stage) => {
    stage.faults.add(outage);
    await rotateUnder(stage);
  });
}

function answered(name: string, fault: TokenFault, mayLose: Row['mayLose'] = []): Row {
  return mishap(
    name,
    async (stage) => {
      stage.tokenServer.failNext(fault);
      await rotateUnder(stage);
    },
    mayLose,
  );
}

/** The table is gone when the answer comes: it can be kept, but not committed. */
export async function keepWithoutCommit(stage: Stage): Promise<void> {
  stage.interrupt('first', ({ subject }, phase) => {
    if (subject === '/token' && phase === 'done') stage.faults.add(table);
  });
  await rotateUnder(stage);
  stage.interrupt('first', () => {});
}

/** Secrets Manager takes no answer: it goes into escrow. */
export async function keepAside(stage: Stage): Promise<void> {
  stage.faults.add({ ...keeping, effect: 'fail', times: LASTING });
  await rotateUnder(stage);
}

/** One run; when it ends, whatever was out of order is in order again. */
async function rotateUnder(stage: Stage): Promise<void> {
  await stage.rotateFirst();
  stage.faults.clear();
}
