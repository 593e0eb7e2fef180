import { type Contender, type FunctionPlace, startFunction } from './function-process.ts';

/** From the start of a process to its first answer, to a request that came when it was started; milliseconds. */
export async function coldStart(
  contender: Contender,
  place: FunctionPlace & { newEvent: () => object },
): Promise<number> {
  const started = await startFunction(contender, place);
  try {
    const { atMs } = await started.invoke(place.newEvent());
    return atMs - started.startedAtMs;
  } finally {
    await started.stop();
  }
}
