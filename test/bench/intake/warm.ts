import { type Contender, type FunctionPlace, startFunction } from './function-process.ts';

/** Requests that are not counted: until then the engine is still compiling. */
const WARM_UP = 300;

/**
 * The time that each of two handlers takes by itself, request by request and in turns; milliseconds.
 * Each has a process of its own, so that neither pays for the other's garbage.
 */
export async function warmTimes(
  [first, second]: readonly [Contender, Contender],
  place: FunctionPlace & { newEvent: () => object },
  requests: number,
): Promise<[number[], number[]]> {
  const functions = [await startFunction(first, place), await startFunction(second, place)] as const;
  const times: [number[], number[]] = [[], []];
  try {
    for (let request = -WARM_UP; request < requests; request += 1) {
      for (const [index, each] of functions.entries()) {
        const { handlerMs } = await each.invoke(place.newEvent());
        if (request >= 0) times[index as 0 | 1].push(handlerMs);
      }
    }
    return times;
  } finally {
    await Promise.all(functions.map((each) => each.stop()));
  }
}
