import { continueCommands } from '../shared/actions/continue-commands.ts';
import { connectHome } from '../shared/runtime/dependencies.ts';
import { scheduleEntry } from '../shared/runtime/schedule-entry.ts';

export const handler = scheduleEntry(connectHome, continueCommands);
