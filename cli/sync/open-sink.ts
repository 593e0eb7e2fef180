import { resolve } from 'node:path';
import type { Sink } from './sink.ts';
import { couchdbSink } from './sinks/couchdb.ts';
import { dynamodbSink } from './sinks/dynamodb.ts';
import { fileSink } from './sinks/file.ts';
import { mongodbSink } from './sinks/mongodb.ts';

/** How a target can be named, for people. */
export const TARGETS = 'file:FOLDER, couchdb+http(s)://…, dynamodb+http(s)://… or mongodb(+srv)://…';

/** The sink that a target names; `undefined` where it names none. */
export function openSink(target: string): Sink | undefined {
  if (target.startsWith('file:')) return fileSink(resolve(target.slice('file:'.length).replace(/^\/\//, '')));
  if (/^mongodb(\+srv)?:\/\//.test(target)) return ifSound(() => mongodbSink(target));
  const [, kind, rest = ''] = /^(couchdb|dynamodb)\+(https?:\/\/.+)$/.exec(target) ?? [];
  if (!URL.canParse(rest)) return undefined;
  return kind === 'couchdb' ? couchdbSink(new URL(rest)) : dynamodbSink(new URL(rest));
}

/** Of several hosts, as a replica set has, a connection string is no URL: the driver alone can tell whether it is sound. */
function ifSound(make: () => Sink): Sink | undefined {
  try {
    return make();
  } catch (error) {
    // Its parser has classes of its own, of the same names.
    if (error instanceof Error && error.name.startsWith('Mongo')) return undefined;
    throw error;
  }
}
