import * as z from 'zod';

/** The methods of the API (contract 3 and 4.1). */
export const apiOperations = [
  'getstationsdata',
  'gethomecoachsdata',
  'getpublicdata',
  'homesdata',
  'homestatus',
  'getmeasure',
  'getroommeasure',
  'getscenarios',
  'getevents',
  'geteventsuntil',
  'getlasteventof',
  'getnextevents',
  'getcamerapicture',
  'gethomedata',
  'setroomthermpoint',
  'setthermmode',
  'switchhomeschedule',
  'synchomeschedule',
  'createnewhomeschedule',
  'renamehomeschedule',
  'deletehomeschedule',
  'setstate',
  'setpersonsaway',
  'setpersonshome',
  'addwebhook',
  'dropwebhook',
] as const;

/** What a fault can be set on: a call that comes in, or a webhook that goes out. */
export const Operation = z.enum(['authorize', 'token', ...apiOperations, 'webhook']);
export type Operation = z.infer<typeof Operation>;
export type ApiOperation = (typeof apiOperations)[number];

/** Every call that can come in. */
export const incoming: readonly Operation[] = ['authorize', 'token', ...apiOperations];
