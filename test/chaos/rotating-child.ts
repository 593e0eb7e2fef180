/**
 * A process that rotates as a deployed function does. It is started ahead of time, loads everything, and then waits
 * for orders; where `CHAOS_MUTATION` names one, it gets a vault with that defect built in.
 */
import { flushCompileCache, registerHooks } from 'node:module';
import type { Order, Reply } from './orders.ts';

const tell = (reply: Reply) => process.send?.(reply);

if (process.env.CHAOS_MUTATION) {
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const isVault = found.url.endsWith('/shared/vault/vault.ts');
      if (!isVault || !context.parentURL?.endsWith('/shared/runtime/dependencies.ts')) return found;
      return { ...found, url: new URL('mutated-vault.ts', import.meta.url).href };
    },
  });
}

const { perform } = await import('./tasks.ts');
// A process that is killed would not leave its compiled modules to the next.
flushCompileCache();

process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  perform(order, tell).then(
    (result) => tell({ kind: 'done', result }),
    (error) => tell({ kind: 'failed', reason: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});
tell({ kind: 'ready' });
