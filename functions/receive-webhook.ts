import { webhookEntry } from '../shared/runtime/webhook-entry.ts';

export const handler = webhookEntry();
