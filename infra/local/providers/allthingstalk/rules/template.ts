import type { Json } from '../house/profile.ts';
import { readCurrent } from '../house.ts';
import { wireTime } from '../wire-time.ts';
import { findAsset, findDevice, findGround, type World } from '../world.ts';
import type { Rule } from './rule.ts';

/** Each binding with what is pasted in its place; the vendor's own spelling is not known. */
export const bindings: Readonly<Record<string, string>> = {
  '{{value}}': 'the value as it is when the call is made',
  '{{at}}': 'since when it is so',
  '{{asset}}': "the asset's name",
  '{{asset.title}}': "the asset's title",
  '{{device}}': "the device's title",
  '{{device.id}}': "the device's id",
  '{{ground}}': "the ground's title",
  '{{rule}}': "the rule's name",
  '{{value:ASSETID}}': 'the value of another asset',
  '{{device:DEVICEID}}': 'the title of another device',
};

/** The free text with everything bound: pasted as it is, so a quote in a value spoils JSON (contract 6). */
export function bindText(world: World, rule: Rule, text: string): string {
  return text.replace(/\{\{([\w.]+)(?::(\w+))?\}\}/g, (_, name: string, id: string | undefined) =>
    boundText(world, rule, name, id),
  );
}

function boundText(world: World, rule: Rule, name: string, id: string | undefined): string {
  const found = findAsset(world, (name === 'value' && id) || rule.assetId);
  const current = found && readCurrent(world, found.asset);
  const texts: Readonly<Record<string, string | undefined>> = {
    value: pasted(current?.value ?? null),
    at: current && wireTime(current.atEpochMs),
    asset: found?.asset.name,
    'asset.title': found?.asset.title,
    device: id === undefined ? found?.device.title : findDevice(world, id)?.title,
    'device.id': found?.device.deviceId,
    ground: findGround(world, rule.groundId)?.title,
    rule: rule.name,
  };
  return texts[name] ?? '';
}

function pasted(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
