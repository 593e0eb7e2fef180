/** What AllThingsTalk's devices are to us, for the table of what is supported. Pure. */
import type { SupportedDevice } from '../../domain/device-support.ts';

export const allthingstalkDevices: readonly SupportedDevice[] = [];
