import { findWhole } from '../shared/actions/find-whole.ts';
import { sendCommand, showCommand } from '../shared/actions/send-command.ts';
import { sendCommands } from '../shared/actions/send-commands.ts';
import { seeing } from '../shared/actions/sight.ts';
import { batchAnswer, commandAnswer } from '../shared/api/command-answer.ts';
import { readPatience } from '../shared/api/prefer.ts';
import { presentCommand } from '../shared/api/present.ts';
import { connectHome } from '../shared/runtime/dependencies.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

export const handler = httpEntry('send-command', connectHome, {
  sendCommand: async (deps, { params, headers, body: { expiresAt, ...wish }, access }) => {
    const patience = readPatience(headers.prefer);
    const command = await sendCommand(seeing(deps, access), {
      moduleId: params.moduleId,
      wish,
      versions: headers['if-match'],
      expiresAt,
      idempotencyKey: headers['idempotency-key'],
      tokenId: access.tokenId,
      patienceSeconds: patience.seconds,
    });
    return commandAnswer(command, patience, deps.now());
  },
  sendCommands: async (deps, { params: { plantId }, headers, body, access }) => {
    const patience = readPatience(headers.prefer);
    const request = {
      idempotencyKey: headers['idempotency-key'],
      tokenId: access.tokenId,
      patienceSeconds: patience.seconds,
    };
    if ('commands' in body) {
      const { commands, expiresAt } = body;
      const wishes = commands.map(({ moduleId, ...wish }) => ({ moduleId, wish }));
      const results = await sendCommands(seeing(deps, access), { ...request, plantId, wishes, expiresAt });
      return batchAnswer(results, patience, deps.now());
    }
    const { expiresAt, ...wish } = body;
    const moduleId = await findWhole(seeing(deps, access), plantId);
    const command = await sendCommand(seeing(deps, access), { ...request, moduleId, wish, expiresAt });
    return commandAnswer(command, patience, deps.now());
  },
  showCommand: async (deps, { params, access }) =>
    presentCommand(await showCommand(seeing(deps, access), params.commandId)),
});
