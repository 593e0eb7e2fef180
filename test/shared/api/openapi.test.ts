import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openapiDocument } from '../../../shared/api/openapi.ts';
import type { Route } from '../../../shared/api/route.ts';
import { routes } from '../../../shared/api/routes.ts';
import { Scope } from '../../../shared/domain/scope.ts';

const document = openapiDocument('https://api.example');

/** What OpenAPI 3.1 demands of the objects that we write. @see https://spec.openapis.org/oas/v3.1.0 */
const Schema = z.record(z.string(), z.unknown());
const Content = z.record(z.string().regex(/^\w+\/[\w+-]+$/), z.strictObject({ schema: Schema }));
const Reference = z.strictObject({ $ref: z.string().startsWith('#/components/') });
const Response = z.strictObject({ description: z.string().min(1), content: Content.optional() });
const Parameter = z.strictObject({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean(),
  schema: Schema,
});
const Operation = z.strictObject({
  operationId: z.string(),
  summary: z.string().min(1),
  parameters: z.array(Parameter),
  requestBody: z.strictObject({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(z.string().regex(/^(?:[1-5]\d\d|default)$/), z.union([Reference, Response])),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  'x-scope': z.string(),
});
const Document = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.url() })),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post', 'delete']), Operation)),
  components: z.strictObject({
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.string() })),
    schemas: z.record(z.string(), Schema),
    responses: z.record(z.string(), Response),
  }),
});

const parsed = Document.parse(document);
const all = Object.entries(routes as Record<string, Route>);

function operationOf({ path, method }: Route) {
  const operation = parsed.paths[path]?.[method.toLowerCase() as 'get'];
  if (!operation) throw new Error(`${method} ${path} is not in the document`);
  return operation;
}

test('is plain JSON that says nothing twice over the wire', () => {
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});

test('names each route once', () => {
  const operations = Object.values(parsed.paths).flatMap((path) => Object.values(path));
  expect(operations.map((operation) => operation?.operationId).toSorted()).toEqual(
    Object.keys(routes).toSorted(),
  );
});

test('refers to nothing that is not in it', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, path = '']) => path,
  );
  expect(references).toContain('components/schemas/Problem');
  for (const path of references) {
    const target = path.split('/').reduce<unknown>((part, key) => Object(part)[key], document);
    expect(target, path).toBeDefined();
  }
});

describe.each(all)('%s', (name, route) => {
  const operation = operationOf(route);

  test('is described with its scope and answers', () => {
    expect(operation).toMatchObject({ operationId: name, 'x-scope': route.scope });
    expect(Object.keys(operation.responses)).toEqual([...Object.keys(route.answers), 'default']);
    expect([...Scope.options, 'system.read', 'system.write', 'public']).toContain(route.scope);
  });

  test('needs a token unless it is public', () => {
    expect(operation.security).toEqual(route.scope === 'public' ? [] : [{ accessToken: [] }]);
  });

  test('declares exactly the parameters of its path, all required', () => {
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    expect(inPath.map((parameter) => parameter.name)).toEqual(named);
    expect(inPath.every((parameter) => parameter.required)).toBe(true);
  });

  test('has one method and path of its own', () => {
    const same = all.filter(([, other]) => other.method === route.method && other.path === route.path);
    expect(same).toHaveLength(1);
  });
});

test('keeps what changes something from tokens that may only read', () => {
  const writes = all.filter(([, { method, scope }]) => method !== 'GET' && scope !== 'public');
  expect(writes.length).toBeGreaterThan(3);
  for (const [name, { scope }] of writes) expect(scope, name).toMatch(/\.write$/);
});

test('asks for commands by action, with the key that makes them repeatable', () => {
  const { requestBody, parameters } = operationOf(routes.sendCommand);
  expect(JSON.stringify(requestBody)).toContain('"const":"set_setpoint"');
  expect(parameters).toContainEqual(
    expect.objectContaining({ name: 'idempotency-key', in: 'header', required: false }),
  );
});

const plantActions = ['set_plant_mode', 'select_schedule', 'set_presence'];
const actionsIn = (schema: unknown) =>
  [...JSON.stringify(schema).matchAll(/"const":"(\w+)"/g)].map(([, action]) => action);

test('asks a plant for one wish of its own, or for a command each to its modules', () => {
  const { requestBody } = operationOf(routes.sendCommands);
  const [whole, batch] = kindsOf(requestBody);
  expect(actionsIn(whole)).toEqual(plantActions);
  expect(batch).toMatchObject({
    additionalProperties: false,
    required: ['commands'],
    properties: { commands: { type: 'array', minItems: 1, maxItems: 50 }, expiresAt: {} },
  });
  expect(actionsIn(batch)).toEqual(expect.arrayContaining(['set_switch', ...plantActions]));
});

test.each(['200', '202'])('answers %s to a plant with a command or with a list of results', (status) => {
  expect(kindsOf(operationOf(routes.sendCommands).responses[status])).toMatchObject([
    { properties: { id: {}, wish: {}, status: {} } },
    { properties: { items: { type: 'array' } } },
  ]);
});

function kindsOf(message: unknown): unknown[] {
  const OneOfSeveral = z.object({
    content: z.object({ 'application/json': z.object({ schema: z.object({ anyOf: z.array(Schema) }) }) }),
  });
  return OneOfSeveral.parse(message).content['application/json'].schema.anyOf;
}

test('asks for numbers and switches as what they are in an address', () => {
  const limit = operationOf(routes.listAccounts).parameters.find(({ name }) => name === 'limit');
  expect(limit).toMatchObject({ required: false, schema: { type: 'integer', default: 100 } });
  const force = operationOf(routes.unlinkAccount).parameters.find(({ name }) => name === 'force');
  expect(force).toMatchObject({ required: false, schema: { type: 'string' } });
});
