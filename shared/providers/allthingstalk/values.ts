/** An asset's value, as its profile types it (contract 3.3). Pure. */
import type { CapabilityProfile, ReadingValue } from '../../domain/reading.ts';
import { number } from '../lenient.ts';

export type ValueType = CapabilityProfile['type'];

const types: Readonly<Record<string, ValueType>> = {
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  object: 'object',
  location: 'object',
  array: 'array',
};

/** A profile that is missing, and whatever nobody knows, is of text. */
export function valueType(profileType: string | undefined): ValueType {
  return types[profileType ?? 'string'] ?? 'string';
}

/**
 * The value, of the type; `undefined` when it is not. `null` stays what it is. The cloud takes numbers as texts, and
 * nobody knows whether it keeps them so (contract 3.3).
 */
export function readValue(type: ValueType, value: unknown): ReadingValue | undefined {
  if (value === null) return null;
  switch (type) {
    case 'number':
      return number.parse(value);
    case 'boolean':
      return readBoolean(value);
    case 'string':
      return typeof value === 'object' || value === undefined ? undefined : String(value);
    case 'object':
      return isRecord(value) ? value : undefined;
    case 'array':
      return Array.isArray(value) ? value : undefined;
  }
}

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };

function readBoolean(value: unknown): boolean | undefined {
  const isScalar = typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string';
  return isScalar ? booleans[String(value).trim().toLowerCase()] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
