/** What of the template keeps state: its one table and its secrets. */
import * as z from 'zod';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { TableDefinition } from '../dynamodb/dynamodb-table.ts';
import { SecretGeneration } from '../secrets-manager/secret-generation.ts';
import type { SecretDefinition } from '../secrets-manager.ts';
import type { Template } from '../template.ts';

const SecretProperties = z.looseObject({
  Description: z.string().optional(),
  SecretString: z.string().optional(),
  GenerateSecretString: SecretGeneration.optional(),
});

/** @throws {LatchkeyError} config_invalid – when the template has not exactly one table that can be made here */
export function readTable(template: Template): TableDefinition {
  const [resource, ...others] = template.resources('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable');
  if (!resource || others.length > 0) {
    throw new LatchkeyError(
      'config_invalid',
      `the local cloud hosts one table, the template has ${others.length + (resource ? 1 : 0)}`,
    );
  }
  const definition = { ...resource.properties(), TableName: resource.physicalName };
  return understood(TableDefinition.safeParse(definition), resource.logicalId);
}

/** @throws {LatchkeyError} config_invalid – when a secret says something that is not known here */
export function readSecrets(template: Template): SecretDefinition[] {
  return template.resources('AWS::SecretsManager::Secret').map((resource) => {
    const properties = understood(SecretProperties.safeParse(resource.properties()), resource.logicalId);
    return {
      name: resource.physicalName,
      description: properties.Description,
      value: properties.SecretString,
      generation: properties.GenerateSecretString,
    };
  });
}

function understood<T>(result: z.ZodSafeParseResult<T>, logicalId: string): T {
  if (result.success) return result.data;
  throw new LatchkeyError('config_invalid', `${logicalId}: ${z.prettifyError(result.error)}`);
}
