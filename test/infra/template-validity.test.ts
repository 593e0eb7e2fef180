import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib/core';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './placeholder-functions.ts';
import { templatesOf } from './stacks.ts';

const { state, service } = templatesOf({ alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms' });

/** CloudFormation's own offline validator, which CDK brings along: it has cfn-lint's rules and numbers. */
const validator = new CloudFormationValidatePlugin();

function findingsIn(template: object): string[] {
  const templatePath = join(temporaryFolder(), 'template.json');
  writeFileSync(templatePath, JSON.stringify(template));
  const { violations } = validator.validate({
    templatePaths: [templatePath],
    stackTemplates: [{ templatePath, stackConstructPath: 'Stack', accountId: undefined, region: undefined }],
    appConstruct: new App({ outdir: temporaryFolder() }),
  });
  return violations.map(({ severity, ruleName, description }) => `${severity} ${ruleName}: ${description}`);
}

function mutated(template: Template, type: string, change: object): object {
  const json = structuredClone(template.toJSON());
  const found = Object.values(json.Resources as Record<string, { Type: string; Properties: object }>).find(
    (resource) => resource.Type === type,
  );
  Object.assign(found?.Properties ?? {}, change);
  return json;
}

describe('the templates', () => {
  test('give the CloudFormation validator nothing to say, neither error nor warning', () => {
    expect(findingsIn(state.toJSON())).toEqual([]);
    expect(findingsIn(service.toJSON())).toEqual([]);
  });

  test.each([
    [
      'a property that does not exist',
      mutated(state, 'AWS::DynamoDB::Table', { TableTitle: 'a' }),
      /TableTitle/,
    ],
    [
      'a runtime that does not exist',
      mutated(service, 'AWS::Lambda::Function', { Runtime: 'nodejs2.x' }),
      /nodejs2/,
    ],
    ['a reference to nothing', mutated(service, 'AWS::ApiGatewayV2::Route', { ApiId: { Ref: 'No' } }), /No/],
  ])('would be reported with %s', (_, template, finding) => {
    expect(findingsIn(template).join('\n')).toMatch(finding);
  });
});
