/** Runs the simulated cloud in a process of its own; prints its address and credentials as one line of JSON. */
import { createNetatmoCloud } from '../../../../../infra/local/providers/netatmo/cloud.ts';

const [, , statePath = '', replyUrl = ''] = process.argv;
const { url, credentials } = await createNetatmoCloud({ statePath, replyUrls: [replyUrl] });
process.stdout.write(`${JSON.stringify({ url, credentials })}\n`);
