/** The functions of the template, each with a few sandboxes that come and go with its work. */
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/domain/error.ts';
import { isFunctionNamed } from './aws/faults.ts';
import { type FunctionDefinition, platformVariables } from './lambda/function-definition.ts';
import { createFunctionPool, type FunctionPool, type FunctionState } from './lambda/function-pool.ts';
import type { Invocation } from './lambda/lambda-sandbox.ts';

export interface LambdaHostOptions {
  readonly definitions: readonly FunctionDefinition[];
  readonly endpoints: { readonly dynamodb: string; readonly secretsManager: string };
  /** Folder for one log file a function. */
  readonly logFolder: string;
  /** Sandboxes at most for each function; default 10. */
  readonly maxSandboxes?: number;
}

export interface LambdaHost {
  /**
   * Runs a function; never rejects because of what the function does.
   * @param name may lack the stage's prefix
   * @throws {LatchkeyError} request_invalid – when there is no such function
   */
  invoke(name: string, event: unknown): Promise<Invocation>;
  functions(): FunctionState[];
  /** Lets what runs come to its end, for so long at most. */
  close(graceMs: number): Promise<void>;
}

export function createLambdaHost(options: LambdaHostOptions): LambdaHost {
  const { definitions, endpoints, logFolder, maxSandboxes = 10 } = options;
  mkdirSync(logFolder, { recursive: true });
  const logs: WriteStream[] = [];
  const pools = definitions.map((definition): [string, FunctionPool] => {
    const log = createWriteStream(join(logFolder, `${definition.name}.log`), { flags: 'a' });
    logs.push(log);
    const environment = { ...platformVariables(definition, endpoints), ...definition.variables };
    const pool = createFunctionPool({
      definition,
      environment,
      maxSandboxes,
      log: (text) => log.write(text),
    });
    return [definition.name, pool];
  });

  function find(name: string): FunctionPool {
    const [found, ...others] = pools.filter(([functionName]) => isFunctionNamed(functionName, name));
    if (found && others.length === 0) return found[1];
    throw new LatchkeyError('request_invalid', `there is no function ${name}`);
  }

  return {
    invoke: async (name, event) => find(name).invoke(event),
    functions: () => pools.map(([, pool]) => pool.state()),
    async close(graceMs) {
      await Promise.all(pools.map(([, pool]) => pool.close(graceMs)));
      await Promise.all(logs.map((log) => new Promise((resolve) => log.end(resolve))));
    },
  };
}
