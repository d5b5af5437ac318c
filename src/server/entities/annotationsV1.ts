import type * as M from '../../../generated/models.js';
import { ExactNumber, isExactNumber } from '../kernel/exactJson.js';
import { badRequest } from '../kernel/serviceError.js';
import { doubleOf, type AnnotationMap } from './annotationValues.js';
import { numericId } from './entityIds.js';
import type { EntityRecord } from './entityRecords.js';

/** The maps of the first annotations API, with the type of each. */
const maps = [
  ['stringAnnotations', 'STRING'],
  ['doubleAnnotations', 'DOUBLE'],
  ['longAnnotations', 'LONG'],
  ['dateAnnotations', 'TIMESTAMP_MS'],
] as const satisfies readonly (readonly [string, M.AnnotationsValueType])[];

/** Converts annotations, with exact numbers, to the format of the first API (`GET /entity/{id}/annotations`). */
export function annotationsV1(
  record: EntityRecord,
  annotations: AnnotationMap,
): Readonly<Record<string, unknown>> {
  const body: Record<string, unknown> = {
    id: record.id,
    etag: record.etag,
    creationDate: String(Date.parse(record.createdOn)),
    uri: `/entity/${numericId(record.id)}/annotations`,
    blobAnnotations: {},
  };
  for (const [name, type] of maps) {
    const entries = Object.entries(annotations)
      // The first API has no boolean type: booleans become text.
      .filter(([, value]) => (value.type === 'BOOLEAN' ? 'STRING' : value.type) === type)
      .map(([key, { value }]) => [
        key,
        type === 'STRING' ? value : value.map((text) => toNumber(type, text)),
      ]);
    body[name] = Object.fromEntries(entries);
  }
  return body;
}

/** A number that is exact in JSON. JSON has no NaN, so it stays text. */
function toNumber(type: M.AnnotationsValueType, text: string): ExactNumber | number | string {
  const number = type === 'DOUBLE' ? doubleOf(text) : Number(text);
  if (!Number.isFinite(number)) {
    return text;
  }
  if (Object.is(number, -0)) {
    return new ExactNumber('-0.0');
  }
  const isExact = type === 'DOUBLE' || Number.isSafeInteger(number);
  return isExact ? number : new ExactNumber(String(BigInt(text.replace('+', ''))));
}

/** Converts annotations, with exact numbers, from the format of the first API. @throws 400 for another format */
export function readAnnotationsV1(body: unknown): M.Annotations {
  if (!isObject(body)) {
    throw badRequest('The annotations must be a JSON object.');
  }
  const annotations: [string, M.AnnotationsValue][] = [];
  for (const [name, type] of maps) {
    const map = body[name] ?? {};
    if (!isObject(map)) {
      throw badRequest(`${name} must be an object.`);
    }
    for (const [key, value] of Object.entries(map)) {
      annotations.push([key, { type, value: readValues(name, key, value) }]);
    }
  }
  return {
    ...(typeof body['id'] === 'string' && { id: body['id'] }),
    ...(typeof body['etag'] === 'string' && { etag: body['etag'] }),
    annotations: Object.fromEntries(annotations),
  };
}

function readValues(map: string, key: string, value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.map((one) => {
    if (typeof one !== 'string' && typeof one !== 'number' && !isExactNumber(one)) {
      throw badRequest(`${map}.${key} must be an array of strings or numbers.`);
    }
    return String(one);
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
