import { printable } from './printable.js';
import { padColumns, textWidth } from './textWidth.js';

/** Properties, one a line, with aligned values. Those without a value are left out. */
export function propertyLines(properties: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(properties).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[`${name}:`, value]],
  );
  const width = Math.max(...given.map(([name]) => textWidth(name)));
  return given.map(([name, value]) => `${padColumns(name, width)} ${printable(value)}`).join('\n');
}
