import type { OperationRow } from '../../generated/operations.js';

/** One parameter of an operation as the command line sees it. */
export interface OperationParameter {
  name: string;
  /** The flag, in kebab-case: `versionNumber` is `--version-number`. */
  flag: string;
  required: boolean;
  kind: 'string' | 'number' | 'integer' | 'boolean' | 'array';
  /** Name of the type whose values are allowed. */
  valuesOf?: string;
}

const kinds: Readonly<Record<string, OperationParameter['kind']>> = {
  s: 'string',
  n: 'number',
  i: 'integer',
  b: 'boolean',
  a: 'array',
};

const tokenPattern = /^[pqh]([!?])([sniba]):([^=]+)(?:=(.+))?$/;

/** Reads the parameters out of a row of the operation table. */
export function parametersOf([, , params]: OperationRow): OperationParameter[] {
  return params
    .split(' ')
    .filter((token) => token !== '')
    .map((token) => {
      const [, required, kind = '', name = '', valuesOf] = tokenPattern.exec(token) ?? [];
      return {
        name,
        flag: kebabCase(name),
        required: required === '!',
        kind: kinds[kind] ?? 'string',
        ...(valuesOf !== undefined && { valuesOf }),
      };
    });
}

/** Turns what was typed for a parameter into the value that the call takes; `undefined` where it is none. */
export function parameterValue(
  { kind }: OperationParameter,
  text: string,
): string | number | boolean | string[] | undefined {
  switch (kind) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'integer':
      return /^-?\d+$/.test(text) ? safeNumber(text) : undefined;
    case 'number': {
      const number = Number(text);
      return text.trim() === '' || Number.isNaN(number) ? undefined : number;
    }
    case 'array':
      return text.split(',');
    case 'string':
      return text;
  }
}

/** Ids can have more digits than a number holds; such a one goes through as it was typed. */
function safeNumber(text: string): string | number {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

export function kebabCase(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z\d]+/g, '-')
    .toLowerCase();
}

/** Operations whose name is near to what was typed, best first. */
export function similarOperations(typed: string, names: Iterable<string>, most = 5): string[] {
  const wanted = words(typed);
  return [...names]
    .map((name) => ({ name, score: overlap(wanted, words(name)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.name.length - b.name.length)
    .slice(0, most)
    .map(({ name }) => name);
}

function words(name: string): Set<string> {
  return new Set(
    kebabCase(name)
      .split('-')
      .filter((word) => word !== ''),
  );
}

function overlap(wanted: Set<string>, found: Set<string>): number {
  return [...wanted].filter((word) => found.has(word)).length;
}
