import type * as M from '../../generated/models.js';
import { formatDouble } from '../../src/values/doubles.js';
import { numberOf, tagOf } from './readVectors.js';

/** What Python has as values of one annotation, with the type that it would store; `undefined` when no annotation has them. */
export function annotationOf(values: readonly unknown[]): M.AnnotationsValue | undefined {
  const typed = values.map(typedValue);
  if (typed.some((value) => value === undefined)) return undefined;
  const found = typed.flatMap((value) => value ?? []);
  const types = new Set(found.map(({ type }) => type));
  const [type = 'STRING'] = types;
  const areNumbers = [...types].every((one) => one === 'LONG' || one === 'DOUBLE');
  if (types.size === 1 || types.size === 0) return { type, value: found.map(({ text }) => text) };
  // Departure: whole numbers beside fractions are doubles.
  if (areNumbers)
    return { type: 'DOUBLE', value: found.map(({ number }) => formatDouble(number ?? 0)) };
  return { type: 'STRING', value: found.map(({ text }) => text) };
}

export function typedValue(
  value: unknown,
): { type: M.AnnotationsValueType; text: string; number?: number } | undefined {
  const tag = tagOf(value);
  if (tag?.$datetime !== undefined) {
    const text = tag.$datetime;
    // Python takes a date without an offset for one of this machine's zone, as `Date` does.
    const date = new Date(text.replace(/(\.\d{3})\d+/, '$1'));
    return { type: 'TIMESTAMP_MS', text: String(date.getTime()) };
  }
  if (tag?.$float !== undefined) {
    const number = Number(tag.$float);
    return { type: 'DOUBLE', text: formatDouble(number), number };
  }
  const whole = tag && numberOf(tag);
  if (whole !== undefined) return { type: 'LONG', text: String(whole), number: Number(whole) };
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? { type: 'LONG', text: String(value), number: value }
      : { type: 'DOUBLE', text: formatDouble(value), number: value };
  }
  if (typeof value === 'boolean') return { type: 'BOOLEAN', text: String(value) };
  return typeof value === 'string' ? { type: 'STRING', text: value } : undefined;
}
