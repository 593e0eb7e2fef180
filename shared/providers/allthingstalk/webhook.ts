/** Rules of the owner's, which call an address: no call of ours can make one (contract 6). */
import type { ByHandWebhookApi } from '../provider.ts';
import { ruleBodyTemplate } from './rule-body.ts';

export const allthingstalkWebhook: ByHandWebhookApi = {
  breadth: 'by_hand',
  bodyTemplate: ruleBodyTemplate,
};
