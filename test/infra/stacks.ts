import { Template } from 'aws-cdk-lib/assertions';
import { App } from 'aws-cdk-lib/core';
import { ServiceStack } from '../../infra/service-stack.ts';
import { readStage, type StageSettings } from '../../infra/stage.ts';
import { StateStack } from '../../infra/state-stack.ts';
import { placeholderBundles, temporaryFolder } from './placeholder-functions.ts';

/** Any value of a template: literal or intrinsic. */
export type TemplateValue = unknown;

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, TemplateValue>>;
}

/** The templates of a stage called `test`, without bundling. */
export function templatesOf(settings: StageSettings = {}): { state: Template; service: Template } {
  const stage = readStage({ stage: 'test', stages: { test: {} }, settings });
  const app = new App({
    outdir: temporaryFolder(),
    context: { '@aws-cdk/aws-iam:minimizePolicies': true },
    builtinCloudFormationValidation: false,
  });
  const state = new StateStack(app, stage);
  const service = new ServiceStack(app, { stage, state, bundles: placeholderBundles() });
  return { state: Template.fromStack(state), service: Template.fromStack(service) };
}

/** Logical ids and resources of one type. */
export function resourcesOf(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}
