/** A wish, made into a call of the kind that the hardware takes. */
import { LatchkeyError } from '../../domain/error.ts';
import type { PreparedCommand, Provider } from '../provider.ts';
import type { ConnectApi } from './call.ts';

export function prepareCommand(
  _api: ConnectApi,
  ...[wish]: Parameters<Provider['prepare']>
): PreparedCommand {
  throw new LatchkeyError('command_unsupported', `This module has no action ${wish.action}`);
}
