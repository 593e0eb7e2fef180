import type { Ending } from './ending.ts';
import type { Row } from './row.ts';
import { openStage, type Stage } from './stage.ts';

/** A row of one trial: when it has happened, the schedule goes on. */
export function mishap(name: string, happen: (stage: Stage) => Promise<void>, mayLose?: Row['mayLose']): Row {
  const judge = async (stage: Stage) => {
    await happen(stage);
    return await stage.end();
  };
  return judgedMishap(name, judge, mayLose);
}

/** With an end of its own. */
export function judgedMishap(
  name: string,
  happen: (stage: Stage) => Promise<Ending>,
  mayLose: Row['mayLose'] = [],
): Row {
  const trial: Row['trials'][number] = async (setting, crew) => {
    const stage = await openStage(setting, crew);
    try {
      return await happen(stage);
    } finally {
      await stage.close();
    }
  };
  return { name, where: '', mayLose, trials: [trial] };
}

/** Runs a rotation; when the server has made up its mind, `happen` happens before the answer is sent. */
export async function duringExchange(stage: Stage, happen: () => Promise<void>): Promise<void> {
  stage.interrupt('first', async ({ subject }, phase) => {
    if (subject === '/token' && phase === 'done') await happen();
  });
  await stage.rotateFirst();
}
