/** What a function may do at AWS, as its role in the template says. */
import * as z from 'zod';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import type { LocatedResource, Template } from '../template.ts';

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

/** Anything else in a statement (conditions, `NotAction`) would silently allow too much here, so it is refused. */
const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
});
type Statement = z.infer<typeof Statement>;

const Document = z.looseObject({
  Statement: z.union([z.array(Statement), Statement.transform((one) => [one])]),
});
const RoleProperties = z.looseObject({
  Policies: z.array(z.looseObject({ PolicyDocument: Document })).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
});
const PolicyProperties = z.looseObject({ PolicyDocument: Document, Roles: z.array(z.string()).default([]) });

/** Managed policies that allow nothing but what the platform itself does: logs, and reading the stream. */
const platformPolicies = /:policy\/service-role\/AWSLambda(BasicExecution|DynamoDBExecution)Role$/;

export interface Policy {
  isAllowed(action: string, resource: string): boolean;
}

/**
 * The policy of the role with this ARN.
 * @throws {LatchkeyError} config_invalid – when the template says something about it that is not understood
 */
export function readPolicy(template: Template, roleArn: string): Policy {
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const role = template.resources('AWS::IAM::Role').find(({ physicalName }) => physicalName === name);
  const statements = role ? statementsOf(role) : [];
  for (const resource of template.resources('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')) {
    const { PolicyDocument, Roles } = parse(PolicyProperties, resource);
    if (Roles.includes(name)) statements.push(...PolicyDocument.Statement);
  }
  const isNamed = (action: string, resource: string, effect: Statement['Effect']) =>
    statements.some(
      (statement) =>
        statement.Effect === effect &&
        statement.Action.some((pattern) => isMatch(pattern.toLowerCase(), action.toLowerCase())) &&
        statement.Resource.some((pattern) => isMatch(pattern, resource)),
    );
  return {
    isAllowed: (action, resource) => isNamed(action, resource, 'Allow') && !isNamed(action, resource, 'Deny'),
  };
}

function statementsOf(role: LocatedResource): Statement[] {
  const { Policies, ManagedPolicyArns } = parse(RoleProperties, role);
  const unknown = ManagedPolicyArns.find((arn) => !platformPolicies.test(arn));
  if (unknown)
    throw new LatchkeyError('config_invalid', `role ${role.logicalId}: ${unknown} is not known here`);
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function parse<T>(schema: z.ZodType<T>, resource: LocatedResource): T {
  const result = schema.safeParse(resource.properties());
  if (result.success) return result.data;
  const message = `${resource.stack}, ${resource.logicalId}: a policy the local cloud does not understand`;
  throw new LatchkeyError('config_invalid', message, { cause: result.error });
}

/** IAM's wildcards: `*` for anything, `?` for one character. */
function isMatch(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}
