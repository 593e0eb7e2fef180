import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { Table } from '../../infra/constructs/table.ts';
import { TableDefinition } from '../../infra/local/dynamodb/dynamodb-table.ts';

let declared: TableDefinition | undefined;

/** The table as the construct writes it into the template, so that tests cannot drift from what is deployed. */
export function declaredTable(): TableDefinition {
  if (declared) return declared;
  const outdir = mkdtempSync(join(tmpdir(), 'latchkey-table-'));
  const stack = new Stack(new App({ outdir, builtinCloudFormationValidation: false }), 'State');
  new Table(stack, 'Table', { stageName: 'test' });
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::DynamoDB::Table'));
  rmSync(outdir, { recursive: true });
  declared = TableDefinition.parse(resource?.Properties);
  return declared;
}
