import { openapiDocument } from '../shared/api/openapi.ts';
import { readEnv } from '../shared/runtime/env.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';
import { problemOf, problems } from '../shared/runtime/problems.ts';

export const handler = httpEntry('describe-api', async () => readEnv(['api']).api, {
  health: async () => ({ status: 'ok' }),
  openapi: async ({ PUBLIC_URL }) => openapiDocument(PUBLIC_URL),
  listProblems: async () => ({ items: [...problems] }),
  showProblem: async (_, { params }) => problemOf(params.code),
});
