import { sendCommand, showCommand } from '../shared/actions/send-command.ts';
import { presentCommand } from '../shared/api/present.ts';
import { connectHome } from '../shared/runtime/dependencies.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

export const handler = httpEntry('send-command', connectHome, {
  sendCommand: async (deps, { params, headers, body: { expiresAt, ...wish }, access }) => {
    const command = await sendCommand(deps, {
      moduleId: params.moduleId,
      wish,
      expiresAt,
      idempotencyKey: headers['idempotency-key'],
      tokenId: access?.tokenId ?? '',
    });
    return presentCommand(command);
  },
  showCommand: async (deps, { params }) => presentCommand(await showCommand(deps, params.commandId)),
});
