import { Logger } from '@aws-lambda-powertools/logger';
import type { RotationLog } from '../vault/rotation-log.ts';
import { readEnv } from './env.ts';

export interface Log extends RotationLog {
  /** With the error's name, message and stack; never with its cause's request or response. */
  failure(message: string, error: unknown, fields?: Record<string, unknown>): void;
}

/** Structured logs. Callers name fields one by one: events, bodies, headers and tokens are never handed over whole. */
export function createLog(): Log {
  const { log } = readEnv(['log']);
  const logger = new Logger({ logLevel: log.LOG_LEVEL as 'INFO' });
  return {
    info: (message, fields) => logger.info(message, fields),
    warn: (message, fields) => logger.warn(message, fields),
    error: (message, fields) => logger.error(message, fields),
    failure: (message, error, fields) => {
      const { name, message: reason, stack } = error instanceof Error ? error : new Error(String(error));
      logger.error(message, { ...fields, error: { name, message: reason, stack } });
    },
  };
}
