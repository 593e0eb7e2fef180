import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Table } from './constructs/table.ts';
import { Vault } from './constructs/vault.ts';
import type { Stage } from './stage.ts';

/** What must survive: everything here stays when the stack is deleted. */
export class StateStack extends Stack {
  readonly table: Table;
  readonly vault: Vault;

  constructor(scope: Construct, stage: Stage) {
    super(scope, `Latchkey-${stage.name}-State`, {
      description: `Latchkey ${stage.name}: what must survive`,
      terminationProtection: true,
    });
    this.table = new Table(this, 'Table', { stageName: stage.name });
    this.vault = new Vault(this, 'Vault', { stageName: stage.name, kind: stage.vault });
    const { appSecretName, workspaceTokenSecretName } = this.vault;
    new CfnOutput(this, 'AppSecretName', {
      value: appSecretName,
      description: 'Put the credentials of the provider applications here',
    });
    new CfnOutput(this, 'WorkspaceTokenSecretName', { value: workspaceTokenSecretName });
    new CfnOutput(this, 'ReadWorkspaceToken', {
      value: `aws secretsmanager get-secret-value --secret-id ${workspaceTokenSecretName} --query SecretString --output text | node -p "'lk_' + JSON.parse(require('fs').readFileSync(0)).token"`,
      description: 'Prints the workspace access token',
    });
  }
}
