/** The synthesized templates with every intrinsic replaced by what it stands for on this machine. */
import { LatchkeyError } from '../../shared/domain/error.ts';
import { type Assembly, loadAssembly, type StackTemplate } from './template/assembly.ts';
import { identityOf, type LocalValues } from './template/local-identity.ts';
import { arn, place } from './template/place.ts';

export interface LocatedResource {
  readonly stack: string;
  readonly logicalId: string;
  /** What the resource is called, given by the template or made up. */
  readonly physicalName: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Its properties, resolved now: what they refer to has to be known by then. */
  properties(): Record<string, unknown>;
}

export interface Template {
  readonly assets: Assembly['assets'];
  readonly folder: string;
  /** All resources of these types, in all stacks. */
  resources(...types: string[]): LocatedResource[];
}

/** `Ref` to it takes away the property or the element in which it stands. */
const NO_VALUE = Symbol('AWS::NoValue');

const pseudoParameters: Readonly<Record<string, unknown>> = {
  'AWS::Partition': place.partition,
  'AWS::Region': place.region,
  'AWS::AccountId': place.accountId,
  'AWS::URLSuffix': place.urlSuffix,
  'AWS::NoValue': NO_VALUE,
};

/**
 * @throws {LatchkeyError} config_invalid – when the folder holds no assembly, and, as things are resolved, for every
 * intrinsic, resource type or attribute that the local cloud does not know
 */
export function loadTemplate(folder: string, values: LocalValues): Template {
  const assembly = loadAssembly(folder);
  const stacks = [...assembly.stacks].map(([name, template]) => ({ name, template }));
  const resolver = createResolver(stacks, values);
  return {
    assets: assembly.assets,
    folder,
    resources: (...types) =>
      stacks.flatMap((stack) =>
        Object.entries(stack.template.Resources)
          .filter(([, { Type }]) => types.includes(Type))
          .map(([logicalId, { Properties, Metadata }]) => ({
            stack: stack.name,
            logicalId,
            physicalName: resolver.nameOf(stack, logicalId),
            metadata: Metadata,
            properties: () => resolver.resolve(stack, Properties) as Record<string, unknown>,
          })),
      ),
  };
}

interface Stack {
  readonly name: string;
  readonly template: StackTemplate;
}

function createResolver(stacks: readonly Stack[], values: LocalValues) {
  function resolve(stack: Stack, value: unknown): unknown {
    if (Array.isArray(value))
      return value.map((one) => resolve(stack, one)).filter((one) => one !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (first && entries.length === 1 && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
      return intrinsic(stack, first[0], first[1]);
    }
    const resolved = entries.map(([name, one]) => [name, resolve(stack, one)] as const);
    return Object.fromEntries(resolved.filter(([, one]) => one !== NO_VALUE));
  }

  const texts = (stack: Stack, value: unknown) => (resolve(stack, value) as unknown[]).map(String);

  function intrinsic(stack: Stack, name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return reference(stack, String(argument));
      case 'Fn::GetAtt': {
        const [logicalId, ...path] = Array.isArray(argument) ? argument : String(argument).split('.');
        return attribute(stack, String(logicalId), path.join('.'));
      }
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown];
        return texts(stack, parts).join(separator);
      }
      case 'Fn::Select': {
        const [index, list] = argument as [unknown, unknown];
        return (resolve(stack, list) as unknown[])[Number(resolve(stack, index))];
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return String(resolve(stack, text)).split(separator);
      }
      case 'Fn::Sub':
        return Array.isArray(argument)
          ? substitute(stack, String(argument[0]), resolve(stack, argument[1]) as Record<string, unknown>)
          : substitute(stack, String(argument), {});
      case 'Fn::ImportValue':
        return imported(String(resolve(stack, argument)));
      default:
        throw unknown(stack, `${name} is not known to the local cloud`);
    }
  }

  function reference(stack: Stack, name: string): unknown {
    if (Object.hasOwn(pseudoParameters, name)) return pseudoParameters[name];
    if (name === 'AWS::StackName') return stack.name;
    if (name === 'AWS::StackId') return arn('cloudformation', `stack/${stack.name}/local`);
    const parameter = stack.template.Parameters[name];
    if (parameter) return parameter.Default;
    const { identity, physicalName } = identified(stack, name);
    return identity.ref?.(physicalName, values) ?? physicalName;
  }

  function attribute(stack: Stack, logicalId: string, path: string): unknown {
    const { identity, physicalName, type } = identified(stack, logicalId);
    const give = identity.attributes[path];
    if (!give) throw unknown(stack, `${path} of ${logicalId} (${type}) is not known to the local cloud`);
    return give(physicalName, values);
  }

  function identified(stack: Stack, logicalId: string) {
    const type = stack.template.Resources[logicalId]?.Type;
    if (type === undefined) throw unknown(stack, `there is no resource ${logicalId}`);
    const identity = identityOf(type);
    if (!identity) throw unknown(stack, `${logicalId} is a ${type}, which the local cloud cannot refer to`);
    return { identity, physicalName: nameOf(stack, logicalId), type };
  }

  function nameOf(stack: Stack, logicalId: string): string {
    const resource = stack.template.Resources[logicalId];
    const given = resource?.Properties[identityOf(resource.Type)?.name ?? ''];
    return given === undefined ? `${stack.name}-${logicalId}` : String(resolve(stack, given));
  }

  function substitute(stack: Stack, text: string, variables: Record<string, unknown>): string {
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (Object.hasOwn(variables, name)) return String(variables[name]);
      const [logicalId = '', ...path] = name.split('.');
      return String(path.length > 0 ? attribute(stack, logicalId, path.join('.')) : reference(stack, name));
    });
  }

  function imported(exportName: string): unknown {
    for (const stack of stacks) {
      for (const { Value, Export } of Object.values(stack.template.Outputs)) {
        if (Export && resolve(stack, Export.Name) === exportName) return resolve(stack, Value);
      }
    }
    throw new LatchkeyError('config_invalid', `no stack exports ${exportName}`);
  }

  return { resolve, nameOf };
}

function unknown(stack: Stack, problem: string): LatchkeyError {
  return new LatchkeyError('config_invalid', `stack ${stack.name}: ${problem}`);
}
