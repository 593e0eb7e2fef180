/** Where the local cloud pretends to be; what the pseudo parameters of a template become and every ARN carries. */
export const place = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '000000000000',
  urlSuffix: 'amazonaws.com',
} as const;

/** An ARN at this place, such as `arn('dynamodb', 'table/homes')`. */
export function arn(service: string, resource: string): string {
  return `arn:${place.partition}:${service}:${place.region}:${place.accountId}:${resource}`;
}
