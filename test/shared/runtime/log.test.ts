import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '../../../shared/runtime/log.ts';

let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = [];
  const read = (line: unknown) => lines.push(JSON.parse(String(line))) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(read);
  vi.spyOn(process.stderr, 'write').mockImplementation(read);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('writes a line of JSON with the fields by name', () => {
  createLog().info('run ended', { due: 3 });
  expect(lines).toEqual([expect.objectContaining({ level: 'INFO', message: 'run ended', due: 3 })]);
});

test('keeps quiet below its level', () => {
  vi.stubEnv('LOG_LEVEL', 'ERROR');
  const log = createLog();
  log.info('run ended', {});
  log.warn('sync failed', {});
  log.error('sync crashed', {});
  expect(lines.map(({ message }) => message)).toEqual(['sync crashed']);
});

test('tells of a failure what it is, and nothing that hangs on it', () => {
  const response = { headers: { authorization: 'Bearer hunter2' } };
  const cause = Object.assign(new Error('hunter2 was refused'), { response });
  const error = Object.assign(new TypeError('no answer', { cause }), {
    $response: response,
    token: 'hunter2',
  });
  createLog().failure('request failed', error, { route: 'GET /health' });
  const [line] = lines;
  expect(line).toMatchObject({ level: 'ERROR', message: 'request failed', route: 'GET /health' });
  expect(line?.error).toEqual({
    name: 'TypeError',
    message: 'no answer',
    stack: expect.stringMatching(/no answer/),
  });
  expect(JSON.stringify(line)).not.toContain('hunter2');
});

test('tells of something thrown that is no error what it says', () => {
  createLog().failure('request failed', 'out of luck');
  expect(lines[0]?.error).toMatchObject({ name: 'Error', message: 'out of luck' });
});
