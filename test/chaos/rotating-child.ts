/** A process that rotates as a deployed function does. It is started ahead of time, and waits for orders. */
import { flushCompileCache } from 'node:module';
import type { Order, Reply } from './orders.ts';
import { perform } from './tasks.ts';

/** Whoever is not there any more has no use for it; that ends this process as well. */
const tell = (reply: Reply) => void process.send?.(reply, undefined, undefined, () => {});

// A process that is killed would not leave its compiled code to the next.
flushCompileCache();
process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  perform(order, tell).then(
    (result) => tell({ kind: 'done', result }),
    (error) => tell({ kind: 'failed', reason: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});
tell({ kind: 'ready' });
