/** A DynamoDB-compatible store that keeps what it has on disk, to be killed. Arguments: a folder and a port. */
import type { Server } from 'node:http';
import { createRequire } from 'node:module';

/** It has no types. */
const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;

const [path, port] = process.argv.slice(2);
dynalite({ path, createTableMs: 0 }).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
