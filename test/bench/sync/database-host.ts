/** A database that copies are kept in, in a process of its own, so that its time and memory are its own. */
import { startCouchdb, startDynamodb } from '../../cli/sync/databases.ts';
import { answerParent } from '../child.ts';

const starts = { couchdb: startCouchdb, dynamodb: startDynamodb };
export type DatabaseKind = keyof typeof starts;

const database = await starts[process.argv[2] as DatabaseKind]();

const questions = {
  target: () => database.target,
  clear: () => database.clear(),
  count: async (collection: 'events' | 'readings') => (await database.contents(collection)).length,
};
export type DatabaseHostQuestions = typeof questions;
answerParent(questions);
