import type { Route } from '../../../src/server/kernel/routeTable.js';

/** Texts for names that no answer has held yet. */
const ownTexts: Readonly<Record<string, readonly string[]>> = {
  sql: ['select * from syn1', 'select count(*) from syn2 group by', 'x'],
  email: ['someone@example.org'],
  url: ['https://example.org/x'],
  name: ['a', 'b', 'c d', 'org.example-name'],
};
const plainTexts = ['x', '1', '2', '3', 'abc', 'syn4489', '273948', '2030-01-01T00:00:00.000Z'];
/** The latest values are the most useful: older ones have been changed or deleted since. */
const kept = 12;

/** What a server has answered so far, to be sent back to it. */
export class SeenValues {
  readonly #texts = new Map<string, string[]>();
  readonly #objects = new Map<string, object[]>();

  /** Takes in the answer of an operation. */
  noteAnswer({ template, row }: Pick<Route, 'template' | 'row'>, value: unknown): void {
    this.#note(row?.[5] ?? '', value);
    const place = template.split('/').findLast((segment) => !segment.startsWith('{'));
    if (place !== undefined && typeof value === 'object' && value !== null && 'id' in value) {
      keep(this.#texts, place, String(value.id));
    }
  }

  #note(model: string, value: unknown): void {
    if (Array.isArray(value)) {
      for (const item of value) this.#note('', item);
    } else if (typeof value === 'object' && value !== null) {
      if (model !== '') keep(this.#objects, model, value);
      for (const [key, member] of Object.entries(value)) this.#noteMember(key, member);
    }
  }

  #noteMember(key: string, member: unknown): void {
    if (Array.isArray(member)) {
      for (const item of member) this.#noteMember(key, item);
    } else if (typeof member === 'object') {
      this.#note('', member);
    } else if (typeof member === 'string' || typeof member === 'number') {
      keep(this.#texts, key, String(member));
      if (/id$/i.test(key)) keep(this.#texts, 'id', String(member));
    }
  }

  /** A text for a property, parameter or place in a path of this name. */
  text(name: string, draw: number): string {
    const own = [...(ownTexts[name] ?? []), ...(this.#texts.get(name) ?? [])];
    const related = /ids?$/i.test(name) ? (this.#texts.get('id') ?? []) : [];
    const pools = [own, own, own, related, plainTexts].filter(({ length }) => length > 0);
    const pool = pools[draw % pools.length] ?? plainTexts;
    return pool[Math.floor(draw / pools.length) % pool.length] ?? 'x';
  }

  /** An answer that had this model, with one property of another, or with all that it lacks. */
  changed(model: string, draw: number, other: unknown): unknown {
    const all = this.#objects.get(model) ?? [];
    const object = all[draw % all.length];
    const entries = typeof other === 'object' && other !== null ? Object.entries(other) : [];
    const entry = entries[draw % (2 * entries.length)];
    return object === undefined
      ? other
      : { ...Object.fromEntries(entry === undefined ? entries : []), ...object, ...entryOf(entry) };
  }
}

function entryOf(entry: [string, unknown] | undefined): object {
  return entry === undefined ? {} : { [entry[0]]: entry[1] };
}

function keep<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key) ?? [];
  if (!values.includes(value)) map.set(key, [value, ...values].slice(0, kept));
}
