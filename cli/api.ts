/** Latchkey's own API, as its programs on the command line call it. */
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { pages } from '../shared/api/pages.ts';

export interface Api {
  /** @throws {ApiProblem} – the API refuses, or goes on failing */
  post<T>(path: string, answer: z.ZodType<T>): Promise<T>;
  /** @throws {ApiProblem} – the API refuses, or goes on failing */
  get<T>(path: string, answer: z.ZodType<T>, asking?: Asking): Promise<T>;
  /** Ids of all accounts of the workspace, page by page as they are taken. */
  accountIds(): AsyncGenerator<string>;
  /** Bodies of all answers so far. */
  bytesRead(): number;
}

export interface Asking {
  /** How often to ask at most where a refusal may pass, default 5; 1: whoever asks has something else to do meanwhile. */
  readonly tries?: number;
}

/** What the API said it would not do; `status` is 0 where it gave no answer. */
export class ApiProblem extends Error {
  readonly status: number;
  /** Its own word for it; absent where what answered was not the API itself. */
  readonly code: string | undefined;
  /** Whether the same request may succeed later without anybody doing anything, by its own word. */
  readonly retry: 'never' | 'later' | undefined;
  /** Whether it is the provider's word, handed on. */
  readonly isOfProvider: boolean;
  /** When to ask again, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, message: string, problem: Partial<z.infer<typeof Problem>> = {}) {
    super(message);
    this.status = status;
    this.code = problem.code;
    this.retry = problem.retry;
    this.isOfProvider = problem.provider !== undefined;
    this.retryAfterSeconds = problem.retryAfterSeconds;
  }

  /** Whether the API, or what is before it, is away or busy. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const Problem = z.looseObject({
  title: z.string(),
  detail: z.string().optional(),
  code: z.string().optional(),
  retry: z.enum(['never', 'later']).optional(),
  retryAfterSeconds: z.number().optional(),
  provider: z.unknown().optional(),
});
/** As much of an account as it takes to name it. */
const AnyAccount = z.looseObject({ id: z.string() });

/** A function that starts, a table that is busy: such answers are asked for again. */
const TRIES = 5;
const TRY_PAUSE_MS = 1_000;
const CALL_TIMEOUT_MS = 35_000;

/**
 * @param url – of the API, with or without a slash at its end
 * @param stop – ends a call under way, which then counts as one without an answer
 */
export function connectApi(url: string, token: string, stop?: AbortSignal): Api {
  const origin = url.replace(/\/$/, '');
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };

  let bytes = 0;

  async function call(method: string, path: string, { tries = TRIES }: Asking = {}): Promise<unknown> {
    for (let tried = 1; ; tried++) {
      const answer = await ask(method, path);
      if ('json' in answer) return answer.json;
      if (!answer.problem.mayPass || tried >= tries || stop?.aborted) throw answer.problem;
      await pause(TRY_PAUSE_MS * tried);
    }
  }

  async function ask(method: string, path: string): Promise<{ json: unknown } | { problem: ApiProblem }> {
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(CALL_TIMEOUT_MS), ...(stop ? [stop] : [])]);
      const response = await fetch(origin + path, { method, headers, signal });
      const text = await response.text();
      bytes += Buffer.byteLength(text);
      const json: unknown = JSON.parse(text);
      return response.ok ? { json } : { problem: problemOf(origin + path, response.status, json) };
    } catch (cause) {
      const reason =
        cause instanceof Error ? ((cause.cause as Error | undefined)?.message ?? cause.message) : cause;
      return { problem: new ApiProblem(0, `${origin} gives no answer that can be read (${reason})`) };
    }
  }

  function read<T>(path: string, schema: z.ZodType<T>, json: unknown): T {
    const { success, data, error } = schema.safeParse(json);
    if (success) return data;
    const [issue] = error.issues;
    const reason = `${issue?.path.join('.') || 'the answer'}: ${issue?.message}`;
    const words = `${origin}${path} is not answered as Latchkey of this version answers (${reason})`;
    throw new ApiProblem(200, words);
  }

  const api: Api = {
    post: async (path, answer) => read(path, answer, await call('POST', path)),
    get: async (path, answer, asking) => read(path, answer, await call('GET', path, asking)),
    bytesRead: () => bytes,

    async *accountIds() {
      for await (const { id } of pages(api, '/v1/accounts', AnyAccount)) yield id;
    },
  };
  return api;
}

function problemOf(url: string, status: number, json: unknown): ApiProblem {
  const problem = Problem.safeParse(json).data;
  return new ApiProblem(status, problem?.detail ?? problem?.title ?? `${url} answers ${status}`, problem);
}
