/**
 * A process without chance and without timers of its own, so that the same answers always lead to the same calls. It
 * replaces what modules have imported already; `release` puts everything back.
 * @see https://nodejs.org/api/module.html#modulesyncbuiltinesmexports
 */
import crypto, { createHash } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/** Where a worker's ids and nonces come from: always the same ones in the same order. */
export interface Chance {
  readonly name: string;
  drawn: number;
}

export interface StillProcess {
  /** Whoever runs from now on draws from this. */
  use(chance: Chance): void;
  release(): void;
}

export function stillProcess(): StillProcess {
  const { randomUUID, randomBytes } = crypto;
  const { timeout } = AbortSignal;
  let present: Chance = { name: 'nobody', drawn: 0 };

  const draw = (size: number): Buffer => {
    const seed = `${present.name}/${++present.drawn}`;
    const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, block) =>
      createHash('sha256').update(`${seed}/${block}`).digest(),
    );
    return Buffer.concat(blocks).subarray(0, size);
  };
  Object.assign(crypto, {
    randomUUID: () =>
      draw(16)
        .toString('hex')
        .replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-'),
    randomBytes: draw,
  });
  AbortSignal.timeout = () => new AbortController().signal;
  syncBuiltinESMExports();

  return {
    use(chance) {
      present = chance;
    },
    release() {
      Object.assign(crypto, { randomUUID, randomBytes });
      AbortSignal.timeout = timeout;
      syncBuiltinESMExports();
    },
  };
}
