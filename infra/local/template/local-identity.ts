/** What `Ref` and `Fn::GetAtt` of a resource give on this machine: names, ARNs and addresses. */

import { streamArn } from '../dynamodb/stream-record.ts';
import { arn, place } from './place.ts';

/** What is known only once the local cloud runs; asked for when something needs it, and not before. */
export interface LocalValues {
  /** Where the API is reached, without a trailing slash. */
  apiEndpoint(): string;
  /** With the random ending that it has for good. */
  secretArn(name: string): string;
}

interface Identity {
  /** Property with the physical name; where it is not set, one is made up. */
  readonly name: string;
  /** `Ref`; the physical name unless told otherwise. */
  readonly ref?: (name: string, values: LocalValues) => string;
  readonly attributes: Readonly<Record<string, (name: string, values: LocalValues) => string>>;
}

const table: Identity = {
  name: 'TableName',
  attributes: { Arn: (name) => arn('dynamodb', `table/${name}`), StreamArn: streamArn },
};

const identities: Readonly<Record<string, Identity>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::Lambda::Function': { name: 'FunctionName', attributes: { Arn: functionArn } },
  'AWS::IAM::Role': { name: 'RoleName', attributes: { Arn: roleArn } },
  'AWS::SecretsManager::Secret': {
    name: 'Name',
    ref: (name, values) => values.secretArn(name),
    attributes: { Id: (name, values) => values.secretArn(name) },
  },
  'AWS::ApiGatewayV2::Api': {
    name: 'ApiKey',
    attributes: { ApiEndpoint: (_, values) => values.apiEndpoint(), ApiId: (name) => name },
  },
  'AWS::ApiGatewayV2::Integration': { name: 'IntegrationKey', attributes: {} },
  'AWS::Events::Rule': { name: 'Name', attributes: { Arn: (name) => arn('events', `rule/${name}`) } },
  'AWS::Scheduler::Schedule': {
    name: 'Name',
    attributes: { Arn: (name) => arn('scheduler', `schedule/default/${name}`) },
  },
  'AWS::SQS::Queue': {
    name: 'QueueName',
    ref: queueUrl,
    attributes: { Arn: (name) => arn('sqs', name), QueueName: (name) => name },
  },
  'AWS::SNS::Topic': {
    name: 'TopicName',
    ref: (name) => arn('sns', name),
    attributes: { TopicArn: (name) => arn('sns', name), TopicName: (name) => name },
  },
  'AWS::Logs::LogGroup': {
    name: 'LogGroupName',
    attributes: { Arn: (name) => `${arn('logs', `log-group:${name}`)}:*` },
  },
};

export function functionArn(name: string): string {
  return arn('lambda', `function:${name}`);
}

/** Name of the function in an ARN, in an integration's URI, or as it is. */
export function functionNameIn(reference: string): string {
  return /:function:([\w-]+)/.exec(reference)?.[1] ?? reference;
}

export function identityOf(type: string): Identity | undefined {
  return identities[type];
}

/** Roles belong to no region. */
function roleArn(name: string): string {
  return `arn:${place.partition}:iam::${place.accountId}:role/${name}`;
}

function queueUrl(name: string): string {
  return `https://sqs.${place.region}.${place.urlSuffix}/${place.accountId}/${name}`;
}
