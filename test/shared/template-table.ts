import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { Table } from '../../infra/constructs/table.ts';
import { TableDefinition } from '../../infra/local/dynamodb/dynamodb-table.ts';

/** The table as the template has it: from the construct itself, so that tests cannot drift from what is deployed. */
export function tableOfTemplate(): TableDefinition {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'State');
  new Table(stack, 'Table', { stageName: 'test' });
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::DynamoDB::Table'));
  return TableDefinition.parse(resource?.Properties);
}
