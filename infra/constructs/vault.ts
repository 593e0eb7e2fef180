import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ArnFormat, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { VaultKind } from '../../shared/domain/vault-kind.ts';
import type { Env } from '../../shared/runtime/env.ts';
import type { EntryFunction } from './entry-function.ts';

export type AccountSecretAction =
  | 'CreateSecret'
  | 'PutSecretValue'
  | 'GetSecretValue'
  | 'ListSecretVersionIds'
  | 'DeleteSecret';

/** What is kept in Secrets Manager: two secrets made here, and one for each account made at run time. */
export class Vault extends Construct {
  readonly appSecretName: string;
  readonly workspaceTokenSecretName: string;
  private readonly accountPrefix: string;
  private readonly app: Secret;
  private readonly workspaceToken: Secret;

  private readonly kind: VaultKind;

  constructor(scope: Construct, id: string, props: { readonly stageName: string; readonly kind: VaultKind }) {
    super(scope, id);
    this.kind = props.kind;
    const prefix = `latchkey/${props.stageName}`;
    this.appSecretName = `${prefix}/app`;
    this.workspaceTokenSecretName = `${prefix}/workspace-token`;
    this.accountPrefix = `${prefix}/accounts/`;
    this.app = new Secret(this, 'App', {
      secretName: this.appSecretName,
      description: 'Latchkey: the root key, and the credentials of the provider applications (fill these in)',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({
          legrand: { clientId: '', clientSecret: '', subscriptionKey: '' },
          netatmo: { clientId: '', clientSecret: '' },
          allthingstalk: { clientId: 'web' },
        }),
        generateStringKey: 'rootKey',
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.workspaceToken = new Secret(this, 'WorkspaceToken', {
      secretName: this.workspaceTokenSecretName,
      description: 'Latchkey: the workspace access token is lk_ followed by this',
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'token',
        // 43 letters and digits are 256 bits.
        passwordLength: 43,
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        "A new root key would close every webhook address, and the application credentials are the provider's to change",
    });
  }

  grantAppRead(entry: EntryFunction): void {
    entry.addEnvironment({ APP_SECRET_ID: this.appSecretName } satisfies Env<'app'>['app']);
    entry.allow(['secretsmanager:GetSecretValue'], this.app.secretArn);
  }

  /** Lets the function check access tokens against the workspace's. */
  grantAccessRead(entry: EntryFunction): void {
    entry.addEnvironment({
      WORKSPACE_TOKEN_SECRET_ID: this.workspaceTokenSecretName,
    } satisfies Env<'access'>['access']);
    entry.allow(['secretsmanager:GetSecretValue'], this.workspaceToken.secretArn);
  }

  /** Lets the function do just these things with accounts' token sets. */
  grantAccounts(entry: EntryFunction, actions: readonly AccountSecretAction[]): void {
    entry.addEnvironment({
      ACCOUNT_SECRET_PREFIX: this.accountPrefix,
      VAULT: this.kind,
    } satisfies Env<'vault'>['vault']);
    const resourceName = `${this.accountPrefix}*`;
    const { COLON_RESOURCE_NAME: arnFormat } = ArnFormat;
    entry.allow(
      actions.map((action) => `secretsmanager:${action}`),
      Stack.of(entry).formatArn({ service: 'secretsmanager', resource: 'secret', resourceName, arnFormat }),
    );
    Validations.of(entry).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${resourceName}]`,
      reason: "Accounts' secrets are made at run time, each with a random ending of its ARN",
    });
  }
}
