import type { Entity } from '../../generated/models.js';
import { stringifyJson } from '../values/json.js';
import { printable, printableName } from './printable.js';

/** Formats an entity for `synapse show`: its properties and annotations, one per line, sorted by name. */
export function entityText(
  entity: Entity,
  annotations: Readonly<Record<string, readonly unknown[]>>,
): string {
  const type =
    entity.concreteType
      .split('.')
      .at(-1)
      ?.replace(/Entity$/, '') ?? '';
  const properties = Object.entries(entity)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => compareNames(a, b))
    .map(([key, value]) => `  ${printable(key)}=${printable(propertyText(value))}`);
  return [
    `${printable(type)}: ${printableName(entity.name ?? '')} (${entity.id ?? ''})`,
    'properties:',
    ...properties,
    'annotations:',
    ...Object.keys(annotations)
      .sort(compareNames)
      .map((key) => `  ${printable(key)}=[${(annotations[key] ?? []).map(valueText).join(', ')}]`),
    '',
  ].join('\n');
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function propertyText(value: unknown): string {
  return typeof value === 'string' ? value : stringifyJson(value, { nonFinite: 'text' });
}

function valueText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
