/** The API as an OpenAPI 3.1 document, made from the routes themselves. */
import * as z from 'zod';
import { errorPolicy } from '../domain/error-policy.ts';
import { Problem } from '../domain/problem.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

/** Only what a client sends is described as input: defaults are filled in by us. */
const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

export function openapiDocument(serverUrl: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, route] of Object.entries(routes as Record<string, Route>)) {
    paths[route.path] ??= {};
    Object.assign(paths[route.path] ?? {}, { [route.method.toLowerCase()]: operation(operationId, route) });
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Latchkey', version: '0.1.0', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', description: 'A token that begins with lk_' },
      },
      schemas: { Problem: schemaOf(Problem, 'output') },
      responses: {
        Problem: {
          description: `A problem (RFC 9457); its code is one of: ${Object.keys(errorPolicy).join(', ')}`,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
        ProblemPage: {
          description: 'A page that tells a person what went wrong and what can be done',
          content: { 'text/html': { schema: { type: 'string' } } },
        },
      },
    },
  };
}

function operation(operationId: string, route: Route) {
  const answers = Object.entries(route.answers).map(([status, schema]) => [
    status,
    {
      description: route.summary,
      ...(schema && {
        content: {
          'application/json': { schema: schemaOf(schema, 'output') },
          ...((route.toPage || route.page) && { 'text/html': { schema: { type: 'string' } } }),
        },
      }),
    },
  ]);
  const refusal = route.page === true ? 'ProblemPage' : 'Problem';
  return {
    operationId,
    summary: route.summary,
    parameters: [
      ...parameters('path', route.params),
      ...parameters('query', route.query),
      ...parameters('header', route.headers),
    ],
    ...(route.body && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: schemaOf(route.body, 'input') },
          ...(route.page === 'form' && {
            'application/x-www-form-urlencoded': { schema: schemaOf(route.body, 'input') },
          }),
        },
      },
    }),
    responses: { ...Object.fromEntries(answers), default: { $ref: `#/components/responses/${refusal}` } },
    security: route.scope === 'public' ? [] : [{ accessToken: [] }],
    'x-scope': route.scope,
  };
}

function parameters(place: 'path' | 'query' | 'header', schema: z.ZodObject | undefined) {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}
