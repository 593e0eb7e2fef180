/** Refuses what the role of a calling function does not allow, in AWS' own words. */

import { arn, place } from '../template/place.ts';
import type { AwsCall } from './aws-endpoint.ts';
import { type AwsRefusal, refusal } from './aws-refusal.ts';
import type { Policy } from './policy.ts';

/** A function as AWS knows it: by the credentials it was given. */
export interface Caller {
  readonly functionName: string;
  readonly roleName: string;
  readonly policy: Policy;
}

export type FindSecretArn = (secretId: string) => string | undefined;

/** @throws {AwsRefusal} AccessDeniedException */
export function assertAllowed(caller: Caller, call: AwsCall, findSecretArn: FindSecretArn): void {
  const action = `${call.service}:${call.action}`;
  for (const resource of resourcesOf(call, findSecretArn)) {
    if (!caller.policy.isAllowed(action, resource)) throw denied(caller, action, resource);
  }
}

function denied({ roleName, functionName }: Caller, action: string, resource: string): AwsRefusal {
  const user = `arn:${place.partition}:sts::${place.accountId}:assumed-role/${roleName}/${functionName}`;
  const problem = `User: ${user} is not authorized to perform: ${action} on resource: ${resource}`;
  const reason = `because no identity-based policy allows the ${action} action`;
  return refusal('com.amazon.coral.service#AccessDeniedException', `${problem} ${reason}`);
}

function resourcesOf({ service, input }: AwsCall, findSecretArn: FindSecretArn): string[] {
  return service === 'dynamodb' ? tablesOf(input) : [secretOf(input, findSecretArn)];
}

/** An index is a resource of its own: what is allowed on its table does not reach it. */
function tablesOf({ TableName, IndexName, RequestItems }: Record<string, unknown>): string[] {
  if (typeof TableName === 'string') {
    const table = TableName.startsWith('arn:') ? TableName : arn('dynamodb', `table/${TableName}`);
    return [typeof IndexName === 'string' ? `${table}/index/${IndexName}` : table];
  }
  const names = typeof RequestItems === 'object' && RequestItems !== null ? Object.keys(RequestItems) : [];
  return names.length > 0 ? names.map((name) => arn('dynamodb', `table/${name}`)) : ['*'];
}

/** A secret that is not there (yet) is judged by the ARN it would have; its random ending is made up. */
function secretOf({ SecretId, Name }: Record<string, unknown>, findSecretArn: FindSecretArn): string {
  const secretId = SecretId ?? Name;
  if (typeof secretId !== 'string') return '*';
  if (secretId.startsWith('arn:')) return findSecretArn(secretId) ?? secretId;
  return findSecretArn(secretId) ?? arn('secretsmanager', `secret:${secretId}-000000`);
}
