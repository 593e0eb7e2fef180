/** Runs the simulated cloud in a process of its own; prints its address as one line of JSON. */
import { createAllthingstalkCloud } from '../../../../../infra/local/providers/allthingstalk/cloud.ts';

const [, , statePath = ''] = process.argv;
const { url } = await createAllthingstalkCloud({ statePath });
process.stdout.write(`${JSON.stringify({ url })}\n`);
