import type { Ending } from './ending.ts';
import type { Row } from './row.ts';
import { openStage, type Stage } from './stage.ts';

/** A row of one trial: `happen` sets the stage on fire, and what comes after is the same for all. */
export function mishap(
  name: string,
  happen: (stage: Stage) => Promise<void | Ending>,
  mayLose: Row['mayLose'] = [],
): Row {
  return {
    name,
    where: '',
    mayLose,
    trials: [
      async (setting, crew) => {
        const stage = await openStage(setting, crew);
        try {
          return (await happen(stage)) ?? (await stage.end());
        } finally {
          await stage.close();
        }
      },
    ],
  };
}
