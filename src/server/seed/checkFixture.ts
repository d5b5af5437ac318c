import { inspect } from 'node:util';

import { schemas } from '../../../generated/schemas.js';
import { Contract } from '../kernel/contract.js';
import { SeedError, type Fixture } from './fixture.js';

/** @throws {@link SeedError} naming the location */
type Check = (value: unknown, where: string) => void;

const text: Check = (value, where) => {
  if (typeof value !== 'string') throw wrong(where, 'a text', value);
};

const name: Check = (value, where) => {
  if (typeof value !== 'string' || value.trim() === '') throw wrong(where, 'a name', value);
};

const flag: Check = (value, where) => {
  if (typeof value !== 'boolean') throw wrong(where, 'true or false', value);
};

const scalar: Check = (value, where) => {
  const isScalar = ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
  const isDate = value instanceof Date && !Number.isNaN(value.getTime());
  if (!isScalar && !isDate) throw wrong(where, 'a text, number, date, true or false', value);
};

const cell: Check = (value, where) => {
  if (value === null) return;
  if (Array.isArray(value)) listOf(scalar)(value, where);
  else scalar(value, where);
};

/** One of the values of an enumeration of the API description. */
function oneOf(enumeration: string): Check {
  return (value, where) => {
    const known: readonly unknown[] = schemas[enumeration]?.enum ?? [];
    if (!known.includes(value)) throw wrong(where, `one of ${known.join(', ')}`, value);
  };
}

function listOf(check: Check): Check {
  return (value, where) => {
    if (!Array.isArray(value)) throw wrong(where, 'a list', value);
    value.forEach((item: unknown, index) => check(item, `${where}[${index}]`));
  };
}

function mapOf(check: Check): Check {
  return (value, where) => {
    if (!isObject(value)) throw wrong(where, 'a map of names to values', value);
    for (const [key, member] of Object.entries(value)) check(member, `${where}.${key}`);
  };
}

function objectOf(fields: () => Readonly<Record<string, Check>>, required: string[] = []): Check {
  return (value, where) => {
    if (!isObject(value)) throw wrong(where, 'a map', value);
    const known = fields();
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      const check = Object.hasOwn(known, key) ? known[key] : undefined;
      if (check === undefined) {
        const names = Object.keys(known).join(', ');
        throw new SeedError(`${place(where)} has an unknown key '${key}'. Known are: ${names}.`);
      }
      check(member, where === '' ? key : `${where}.${key}`);
    }
    for (const key of required) {
      if (value[key] === undefined) throw new SeedError(`${place(where)} lacks '${key}'.`);
    }
  };
}

const access: Check = (value, where) => {
  if (Array.isArray(value)) listOf(oneOf('ACCESS_TYPE'))(value, where);
  else if (!['view', 'download', 'edit', 'edit-delete', 'admin'].includes(String(value))) {
    throw wrong(
      where,
      "'view', 'download', 'edit', 'edit-delete', 'admin' or a list of rights",
      value,
    );
  }
};

const typedAnnotation = objectOf(
  () => ({ type: oneOf('AnnotationsValueType'), value: listOf(text) }),
  ['type', 'value'],
);

const annotation: Check = (value, where) => {
  if (Array.isArray(value)) listOf(scalar)(value, where);
  else if (isObject(value) && !(value instanceof Date)) typedAnnotation(value, where);
  else scalar(value, where);
};

const entityFields = {
  name,
  description: text,
  annotations: mapOf(annotation),
  access: mapOf(access),
};

const fileFields = { ...entityFields, content: text, path: name, contentType: name };

const file: Check = (value, where) => {
  objectOf(() => fileFields, ['name'])(value, where);
  const given = isObject(value) ? ['content', 'path'].filter((key) => key in value) : [];
  if (given.length !== 1) {
    throw new SeedError(`${where} needs either 'content' or 'path'.`);
  }
};

/** Other rules for columns are checked when they are created. */
const column: Check = (value, where) => {
  if (!isObject(value)) throw wrong(where, 'a map', value);
  name(value['name'], `${where}.name`);
  oneOf('ColumnType')(value['columnType'], `${where}.columnType`);
  const problem = new Contract().checkRequest('ColumnModel', value);
  if (problem !== undefined) throw new SeedError(`${where} is not a column: ${problem}.`);
};

const table = objectOf(
  () => ({ ...entityFields, columns: listOf(column), rows: listOf(listOf(cell)) }),
  ['name', 'columns'],
);

const folderFields = (): Readonly<Record<string, Check>> => ({
  ...entityFields,
  folders: listOf(objectOf(folderFields, ['name'])),
  files: listOf(file),
  tables: listOf(table),
});

const user = objectOf(
  () => ({
    name,
    firstName: text,
    lastName: text,
    email: name,
    password: name,
    certified: flag,
  }),
  ['name'],
);

const team = objectOf(
  () => ({ name, description: text, managers: listOf(name), members: listOf(name), open: flag }),
  ['name'],
);

const fixture = objectOf(() => ({
  users: listOf(user),
  teams: listOf(team),
  projects: listOf(objectOf(() => ({ ...folderFields(), owner: name }), ['name'])),
}));

/** Validates a fixture. @throws {@link SeedError} naming the first error and its location */
export function checkFixture(value: unknown): Fixture {
  fixture(value, '');
  return value as Fixture;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function place(where: string): string {
  return where === '' ? 'The seed' : where;
}

function wrong(where: string, expected: string, value: unknown): SeedError {
  const shown = inspect(value, { depth: 1, breakLength: Infinity }).slice(0, 60);
  return new SeedError(`${place(where)} must be ${expected}, not ${shown}.`);
}
