import { badRequest } from '../kernel/serviceError.js';
import type { ConditionSettings } from './conditions.js';
import type { FaultRule } from './faultRule.js';

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isInteger: Check = (value) => isNumber(value) && Number.isInteger(value);
const isString: Check = (value) => typeof value === 'string';
const isBoolean: Check = (value) => typeof value === 'boolean';

const faultFields: Readonly<Record<keyof FaultRule, Check>> = {
  method: isString,
  path: isString,
  operation: isString,
  skip: isInteger,
  times: isInteger,
  probability: (value) => isNumber(value) && Number(value) <= 1,
  delay: isNumber,
  status: (value) => isInteger(value) && Number(value) >= 200 && Number(value) <= 599,
  reason: isString,
  retryAfter: isNumber,
  loseAnswer: isBoolean,
  dropRequestAt: isInteger,
  dropAt: isInteger,
  stallAt: isInteger,
  stallFor: isNumber,
  bytesPerSecond: (value) => isNumber(value) && Number(value) > 0,
  corruptAt: isInteger,
};

const limitFields = {
  concurrent: isInteger,
  perMinute: isInteger,
  machines: (value: unknown) => isInteger(value) && Number(value) >= 1,
};

const settingFields: Readonly<Record<keyof ConditionSettings, Check>> = {
  latency: (value) =>
    isNumber(value) || (Array.isArray(value) && value.length === 2 && value.every(isNumber)),
  limits: (value) => isBoolean(value) || checkFields('limits', limitFields, value),
  urlLifetime: isNumber,
  faults: (value) =>
    Array.isArray(value) &&
    value.every((rule, position) => checkFields(`faults/${position}`, faultFields, rule)),
  jobRounds: isInteger,
  viewLag: isNumber,
  readOnly: isBoolean,
  diskFull: isBoolean,
  seed: isInteger,
};

/** Parses settings from JSON. @throws 400 naming the first invalid setting */
export function parseConditions(value: unknown): ConditionSettings {
  checkFields('', settingFields, value);
  return value as ConditionSettings;
}

function checkFields(
  where: string,
  fields: Readonly<Record<string, Check>>,
  value: unknown,
): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest(`The conditions must be a JSON object${where === '' ? '' : ` at ${where}`}.`);
  }
  for (const [key, member] of Object.entries(value)) {
    const name = where === '' ? key : `${where}/${key}`;
    const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (check === undefined) {
      throw badRequest(`Unknown condition: ${name}. Known: ${Object.keys(fields).join(', ')}.`);
    }
    if (!check(member)) {
      throw badRequest(`The condition '${name}' cannot be ${JSON.stringify(member)}.`);
    }
  }
  return true;
}
