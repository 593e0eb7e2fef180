/** Runs the simulated cloud in a process of its own; prints its addresses and credentials as one line of JSON. */
import { createLegrandCloud } from '../../../../../infra/local/providers/legrand/cloud.ts';

const [, , statePath = '', replyUrl = ''] = process.argv;
const { url, loginUrl, apiUrl, credentials } = await createLegrandCloud({ statePath, replyUrls: [replyUrl] });
process.stdout.write(`${JSON.stringify({ url, loginUrl, apiUrl, credentials })}\n`);
