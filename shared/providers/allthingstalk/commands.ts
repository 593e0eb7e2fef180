/** A wish, made into a command to an asset. */
import { LatchkeyError } from '../../domain/error.ts';
import type { PreparedCommand, Provider } from '../provider.ts';
import type { MakerApi } from './call.ts';

export function prepareCommand(_api: MakerApi, ...[wish]: Parameters<Provider['prepare']>): PreparedCommand {
  throw new LatchkeyError('command_unsupported', `This module has no action ${wish.action}`);
}
