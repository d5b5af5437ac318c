import type * as M from '../../generated/models.js';
import { annotationsFromJson } from '../entities/annotationsFromJson.js';
import type { AnnotationsInput, TypedAnnotation } from '../entities/annotationValues.js';
import { ArgumentError } from '../errors.js';
import { statusNames } from '../evaluations/statusNames.js';
import { cellTexts } from '../tables/csv/csvCells.js';
import { csvDialect } from '../tables/csv/csvDialect.js';
import { scanCsv } from '../tables/csv/csvScanner.js';
import { parseDouble } from '../values/doubles.js';
import { ExactNumber, parseJsonInput } from '../values/json.js';
import { quoted } from '../values/quoted.js';
import type { SubmissionScore } from './scoreSubmissions.js';

/** The scores of a file. */
export interface ScoreFile {
  scores: SubmissionScore[];
  /** Columns with what a submission has already, such as its name: they are not stored again. */
  ignored: string[];
}

/** Columns of submission views, in lower case, that are no annotations. */
const ofSubmissions: ReadonlySet<string> = new Set([
  'row_id',
  'row_version',
  'row_etag',
  'name',
  'createdon',
  'createdby',
  'etag',
  'modifiedon',
  'projectid',
  'evaluationid',
  'evaluationroundid',
  'submitterid',
  'submitteralias',
  'entityid',
  'entityversion',
  'dockerrepositoryname',
  'dockerdigest',
]);

/**
 * Reads scores: a JSON list of objects with `id`, `status`, `score`, `report` and `annotations`; or a CSV text with the columns `id`,
 * `status`, `score` and `report`, in which each other column is an annotation. An empty cell changes nothing.
 *
 * @param name - The file, for messages.
 * @throws {@link ArgumentError} for what is neither, and for a row without an id.
 */
export async function readScores(name: string, content: Buffer): Promise<ScoreFile> {
  const text = content.toString('utf8').replace(/^\uFEFF/, '');
  if (/^\s{0,1000}[[{]/.test(text)) return { scores: readJson(name, text), ignored: [] };
  return readCsv(name, content);
}

function readJson(name: string, text: string): SubmissionScore[] {
  let value: unknown;
  try {
    value = parseJsonInput(text);
  } catch (cause) {
    throw new ArgumentError(`${name} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item, i) => {
    const where = `${name}: item ${i + 1}`;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      throw new ArgumentError(`${where} is not an object, such as {"id": "123"}.`);
    }
    const { id, status, score, report, annotations, ...others } = item as Record<string, unknown>;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) {
      throw new ArgumentError(
        `${where} has a member ${quoted(unknown)}: expected id, status, score, report, annotations.`,
      );
    }
    if (annotations !== undefined && (typeof annotations !== 'object' || annotations === null)) {
      throw new ArgumentError(`${where}: the annotations are not an object.`);
    }
    return {
      id: idIn(where, id),
      status: statusIn(where, status),
      score: numberIn(where, score),
      report: textIn(where, 'report', report),
      submissionAnnotations:
        annotations && annotationsFromJson(annotations as Record<string, unknown>),
    };
  });
}

async function readCsv(name: string, content: Buffer): Promise<ScoreFile> {
  const [header = [], ...rows] = await cellsOf(name, content);
  const columns = header.map((title) => (title ?? '').trim());
  const index = new Map(columns.map((title, i) => [title.toLowerCase(), i]));
  if (index.size < columns.length) throw new ArgumentError(`${name} has two columns of one name.`);
  const find = (...titles: string[]) => titles.map((title) => index.get(title)).find(isNumber);
  const idColumn = find('id', 'submissionid', 'submission_id');
  if (idColumn === undefined) {
    throw new ArgumentError(
      `${name} has no column "id" with the ids of submissions: its columns are ${columns.map(quoted).join(', ')}.`,
    );
  }
  const own = [idColumn, find('status'), find('score'), find('report')];
  const ignored = columns.filter((title) => ofSubmissions.has(title.toLowerCase()));
  const annotated = columns.flatMap((title, column) =>
    own.includes(column) || ignored.includes(title)
      ? []
      : [{ title, column, type: typeOf(rows.map((row) => row[column] ?? null)) }],
  );
  const [, statusColumn = -1, scoreColumn = -1, reportColumn = -1] = own;
  const scores = rows.map((row, i) => {
    const where = `${name}: row ${i + 2}`;
    const annotations = annotated.flatMap(({ title, column, type }) => {
      const value = row[column] ?? null;
      return value === null ? [] : [[title, { type, value: [value] }] as [string, TypedAnnotation]];
    });
    const submissionAnnotations: AnnotationsInput = Object.fromEntries(annotations);
    return {
      id: idIn(where, row[idColumn]),
      status: statusIn(where, row[statusColumn] ?? undefined),
      score: numberIn(where, row[scoreColumn] ?? undefined),
      report: textIn(where, 'report', row[reportColumn]),
      submissionAnnotations,
    };
  });
  return { scores, ignored };
}

async function cellsOf(name: string, content: Buffer): Promise<(string | null)[][]> {
  const dialect = csvDialect();
  const rows: (string | null)[][] = [];
  const chunks = (async function* () {
    await Promise.resolve();
    yield content;
  })();
  for await (const batch of scanCsv(chunks, { dialect, name, emptyLines: 'skip' })) {
    const text = cellTexts(batch, dialect);
    for (let row = 0; row < batch.rowCount; row += 1) {
      rows.push(Array.from({ length: batch.width }, (_, i) => text(row * batch.width + i)));
    }
  }
  return rows;
}

const isNumber = (value: number | undefined): value is number => value !== undefined;

/** One type for a whole column, so that a submission view can have it as one. */
function typeOf(cells: readonly (string | null)[]): M.AnnotationsValueType {
  const texts = cells.filter((cell) => cell !== null);
  // More digits can be an id, which no number holds.
  if (texts.length > 0 && texts.every((text) => /^-?(?:0|[1-9]\d{0,17})$/.test(text)))
    return 'LONG';
  const isDecimal = (text: string): boolean =>
    /^-?(?:0|[1-9]\d{0,14})?(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?$/.test(text) ||
    /^(?:nan|-?inf(?:inity)?)$/i.test(text);
  const isDouble = (text: string): boolean => isDecimal(text) && parseDouble(text) !== undefined;
  return texts.length > 0 && texts.every(isDouble) ? 'DOUBLE' : 'STRING';
}

/** The text of a cell or a member; `undefined` for none. */
function textIn(where: string, name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  // A number keeps the digits that it has in the file.
  if (typeof value === 'number' || value instanceof ExactNumber) return value.toString();
  throw new ArgumentError(`${where} has as ${name} ${quoted(value)}: expected a text or a number.`);
}

function idIn(where: string, id: unknown): string {
  const text = textIn(where, 'id', id)?.trim();
  if (text) return text;
  throw new ArgumentError(`${where} has no id of a submission.`);
}

function statusIn(where: string, status: unknown): M.SubmissionStatusEnum | undefined {
  const text = textIn(where, 'status', status);
  const found = statusNames.find((known) => known === text);
  if (text === undefined || found !== undefined) return found;
  throw new ArgumentError(
    `${where} has the status ${quoted(text)}: expected ${statusNames.join(', ')}.`,
  );
}

function numberIn(where: string, score: unknown): number | undefined {
  const text = textIn(where, 'score', score);
  const number = text === undefined ? undefined : parseDouble(text.trim());
  if (text === undefined || number !== undefined) return number;
  throw new ArgumentError(`${where} has the score ${quoted(text)}, which is not a number.`);
}
