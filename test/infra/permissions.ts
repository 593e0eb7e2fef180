import type { Template } from 'aws-cdk-lib/assertions';
import { type Resource, resourcesOf, type TemplateValue } from './stacks.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: TemplateValue;
}

/** What a function's role allows, one sentence each: `dynamodb:PutItem on Table`. */
export function permissionsOf(service: Template, functionName: string): string[] {
  return statementsOf(service, roleOf(service, functionName))
    .flatMap((statement) =>
      list(statement.Action).flatMap((action) =>
        list(statement.Resource).map((resource) => `${action} on ${readable(resource)}`),
      ),
    )
    .sort();
}

/** The variables of a function, by name. */
export function environmentOf(service: Template, functionName: string): Record<string, TemplateValue> {
  const { Environment } = lambdaOf(service, functionName).Properties as {
    Environment: { Variables: Record<string, TemplateValue> };
  };
  return Environment.Variables;
}

export function lambdaOf(service: Template, functionName: string): Resource {
  const found = resourcesOf(service, 'AWS::Lambda::Function').find(
    ([, lambda]) => lambda.Properties.FunctionName === `latchkey-test-${functionName}`,
  );
  if (!found) throw new Error(`the template has no function ${functionName}`);
  return found[1];
}

function roleOf(service: Template, functionName: string): string {
  const { Role } = lambdaOf(service, functionName).Properties as { Role: { 'Fn::GetAtt': [string, string] } };
  return Role['Fn::GetAtt'][0];
}

function statementsOf(service: Template, role: string): Statement[] {
  return resourcesOf(service, 'AWS::IAM::Policy')
    .map(
      ([, policy]) =>
        policy.Properties as { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } },
    )
    .filter((policy) => policy.Roles.some((entry) => entry.Ref === role))
    .flatMap((policy) => policy.PolicyDocument.Statement);
}

/** A reference as the path of its construct, without the hashes that CDK adds. */
function readable(value: TemplateValue): string {
  if (typeof value === 'string') return value;
  const [name, argument] = Object.entries(value as object)[0] ?? [];
  if (name === 'Ref') return withoutHash(String(argument));
  if (name === 'Fn::GetAtt') return withoutHash(String(argument[0]));
  if (name === 'Fn::Join') return argument[1].map(readable).join('');
  if (name === 'Fn::ImportValue') return exported(String(argument));
  throw new Error(`the test cannot read ${JSON.stringify(value)}`);
}

/** `Latchkey-test-State:ExportsOutputFnGetAttTable710B521BStreamArn08276382` as `Table.StreamArn`. */
function exported(name: string): string {
  const match = /ExportsOutput(?:FnGetAtt|Ref)(\w+?)[0-9A-F]{8}(\w*?)[0-9A-F]{8}$/.exec(name);
  if (!match) throw new Error(`the test cannot read the export ${name}`);
  return match[2] === 'StreamArn' ? `${match[1]}.StreamArn` : `${match[1]}`;
}

function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}
