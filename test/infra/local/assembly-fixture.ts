/** Writes a small cloud assembly in the CDK's output style: two stacks, one table, functions as plain CommonJS. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homesTable } from './homes-table.ts';

export interface FunctionFixture {
  /** Body of `index.js`; exports `handler`. */
  readonly code: string;
  readonly timeoutSeconds?: number;
  readonly statements?: readonly object[];
  readonly environment?: Readonly<Record<string, unknown>>;
}

export interface AssemblyFixture {
  readonly functions: Readonly<Record<string, FunctionFixture>>;
  /** Route keys by function. */
  readonly routes?: Readonly<Record<string, readonly string[]>>;
  /** More resources for the service stack; `<Name>Function` is a function's logical id. */
  readonly resources?: Readonly<Record<string, object>>;
}

export interface WrittenAssembly {
  readonly assemblyDir: string;
  /** Folder for state beside the assembly. */
  readonly statePath: string;
  remove(): Promise<void>;
}

export const tableArn = { 'Fn::ImportValue': 'State:TableArn' };
export const streamArn = { 'Fn::ImportValue': 'State:StreamArn' };

const state = {
  Resources: {
    Table: { Type: 'AWS::DynamoDB::Table', Properties: homesTable },
    App: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        Name: 'latchkey/test/app',
        GenerateSecretString: { SecretStringTemplate: '{"legrand":{}}', GenerateStringKey: 'rootKey' },
      },
    },
  },
  Outputs: {
    TableArn: { Value: { 'Fn::GetAtt': ['Table', 'Arn'] }, Export: { Name: 'State:TableArn' } },
    StreamArn: { Value: { 'Fn::GetAtt': ['Table', 'StreamArn'] }, Export: { Name: 'State:StreamArn' } },
    TableName: { Value: { Ref: 'Table' }, Export: { Name: 'State:TableName' } },
    AppArn: { Value: { Ref: 'App' }, Export: { Name: 'State:AppArn' } },
  },
};

/** `rotate-tokens` as `RotateTokens`. */
function idOf(name: string): string {
  return name.replace(/(^|-)(.)/g, (_, _dash, letter: string) => letter.toUpperCase());
}

export async function writeAssembly({
  functions,
  routes = {},
  resources = {},
}: AssemblyFixture): Promise<WrittenAssembly> {
  const root = await mkdtemp(join(tmpdir(), 'latchkey-cloud-'));
  const assemblyDir = join(root, 'assembly');
  const service: Record<string, object> = {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'latchkey', ProtocolType: 'HTTP' } },
    ...resources,
  };
  for (const [name, fixture] of Object.entries(functions)) {
    const folder = join(assemblyDir, `asset.${name}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'index.js'), fixture.code);
    Object.assign(service, functionResources(name, fixture));
    for (const [index, routeKey] of (routes[name] ?? []).entries()) {
      service[`${idOf(name)}Route${index}`] = {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'Api' },
          RouteKey: routeKey,
          Target: { 'Fn::Join': ['', ['integrations/', { Ref: `${idOf(name)}Integration` }]] },
        },
      };
    }
  }
  const stack = (templateFile: string) => ({
    type: 'aws:cloudformation:stack',
    properties: { templateFile },
  });
  const files = {
    'manifest.json': {
      artifacts: { State: stack('State.template.json'), Service: stack('Service.template.json') },
    },
    'State.template.json': state,
    'Service.template.json': { Resources: service },
  };
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(assemblyDir, file), JSON.stringify(content));
  }
  return {
    assemblyDir,
    statePath: join(root, 'state'),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

function functionResources(name: string, { timeoutSeconds = 3, statements, environment }: FunctionFixture) {
  const id = idOf(name);
  return {
    [`${id}Role`]: {
      Type: 'AWS::IAM::Role',
      Properties: { AssumeRolePolicyDocument: {} },
    },
    [`${id}Policy`]: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyDocument: { Version: '2012-10-17', Statement: statements ?? [] },
        Roles: [{ Ref: `${id}Role` }],
      },
    },
    [`${id}Function`]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: `latchkey-test-${name}`,
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        MemorySize: 256,
        Timeout: timeoutSeconds,
        Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
        Role: { 'Fn::GetAtt': [`${id}Role`, 'Arn'] },
        Environment: { Variables: environment ?? {} },
      },
      Metadata: { 'aws:asset:path': `asset.${name}` },
    },
    [`${id}Integration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': [`${id}Function`, 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
  };
}
