import { sendCommand, showCommand } from '../shared/actions/send-command.ts';
import { sendCommands } from '../shared/actions/send-commands.ts';
import { batchAnswer, commandAnswer } from '../shared/api/command-answer.ts';
import { readPatience } from '../shared/api/prefer.ts';
import { presentCommand } from '../shared/api/present.ts';
import { connectHome } from '../shared/runtime/dependencies.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

export const handler = httpEntry('send-command', connectHome, {
  sendCommand: async (deps, { params, headers, body: { expiresAt, ...wish }, access }) => {
    const patience = readPatience(headers.prefer);
    const command = await sendCommand(deps, {
      moduleId: params.moduleId,
      wish,
      versions: headers['if-match'],
      expiresAt,
      idempotencyKey: headers['idempotency-key'],
      tokenId: access?.tokenId ?? '',
      patienceSeconds: patience.seconds,
    });
    return commandAnswer(command, patience, deps.now());
  },
  sendCommands: async (deps, { params, headers, body: { expiresAt, commands }, access }) => {
    const patience = readPatience(headers.prefer);
    const results = await sendCommands(deps, {
      plantId: params.plantId,
      wishes: commands.map(({ moduleId, ...wish }) => ({ moduleId, wish })),
      expiresAt,
      idempotencyKey: headers['idempotency-key'],
      tokenId: access?.tokenId ?? '',
      patienceSeconds: patience.seconds,
    });
    return batchAnswer(results, patience, deps.now());
  },
  showCommand: async (deps, { params }) => presentCommand(await showCommand(deps, params.commandId)),
});
