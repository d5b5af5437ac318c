import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { errorFromResponse } from '../src/api/errorFromResponse.js';
import { parseRetryAfter } from '../src/api/retryPolicy.js';
import { readThrottle } from '../src/api/throttle.js';
import { parseIni } from '../src/auth/iniFile.js';
import { readClaims } from '../src/auth/token.js';
import { replaceSection } from '../src/auth/writeConfig.js';
import { parseCacheMap } from '../src/cache/cacheMap.js';
import { plainName } from '../src/values/plainName.js';
import { printable, printableJson, printableTable } from '../src/cli/printable.js';
import { lastColumns } from '../src/cli/textWidth.js';
import { redactText, redactUrl } from '../src/errors.js';
import { expandPath } from '../src/files/expandPath.js';
import { safeName } from '../src/files/safeName.js';
import { canBecomeHead, parseResponseHead } from '../src/net/http1/responseHead.js';
import { storageHttpError } from '../src/net/storageError.js';
import { ruleMatches } from '../src/server/conditions/faultRule.js';
import { parseRange } from '../src/server/files/byteRange.js';
import { xmlText } from '../src/server/files/xml.js';
import { parseSchemaId } from '../src/server/jsonSchema/schemaIds.js';
import { csvFormat } from '../src/server/tables/csv/csvFormat.js';
import { CsvWriter } from '../src/server/tables/csv/csvWriter.js';
import { parseLooseJson } from '../src/server/tables/looseJson.js';
import { objectHead } from '../src/storages/http/objectHead.js';
import { findKnownKeys } from '../src/storages/sftp/knownHosts.js';
import { copyPartMd5 } from '../src/storages/synapse/copyPart.js';
import { presignedExpiry } from '../src/storages/synapse/presignedUrl.js';
import { annotationsOfCell } from '../src/sync/manifest/annotationsOfCell.js';
import { cellOfAnnotations } from '../src/sync/manifest/cellOfAnnotations.js';
import { ManifestScanner } from '../src/sync/manifest/manifestScanner.js';
import { pythonLiteral } from '../src/sync/manifest/pythonLiteral.js';
import { cellTexts } from '../src/tables/csv/csvCells.js';
import { csvDialect } from '../src/tables/csv/csvDialect.js';
import { CsvScanner } from '../src/tables/csv/csvScanner.js';
import { writeCsvRow } from '../src/tables/csv/writeCsvRow.js';
import { fromEpochMs, parseIsoDate } from '../src/values/dates.js';
import { parseDouble } from '../src/values/doubles.js';
import { parseSynapseId } from '../src/values/ids.js';
import { tableIdOfQuery } from '../src/values/sql.js';
import { guessFileName, isUrl } from '../src/values/urls.js';
import { strip, withoutTrailing } from '../src/values/whitespace.js';
import { attacksOn } from './helpers/attacksOn.js';
import { findExpressions } from './helpers/findExpressions.js';

// A text of this length takes no expression and no parser longer than this. Quadratic time would be many seconds.
const size = 100_000;
const longest = 50;

const sources = findExpressions(join(import.meta.dirname, '../src'));

/** What strangers repeat in texts that they send. */
const fragments = [
  ' ', '\0', '\t', '\n', '\r\n', '"', "'", '\\', '0', '9', '1.', '.', '..', 'a', 'a.', 'A', '-', '_', '/', '//', ':', ';', ',', '=',
  '&', '?', '#', '%', '%2', '%3D', '%2F%2F', '@', '<', '>', '<a', '(', '[', '{', '}', '$', '${', '*', '+', '~', 'é', '\u200b', '\u202e', '\u{1f600}',
  '<title', '<title>', '<script', '<script>', '<style ', '</script', '<!--', '<Code>', '<ETag>', ';filename=', ';filename="', 'filename*=UTF-8\'\'',
  'eyJ', 'eyJ.', 'eyJa.eyJa', 'Bearer ', 'Basic ', 'Basic a:', 'password', 'password=', 'token"', 'token: "', "secret='", 'sig=\\"', 'AKIA', 'http://', 'a://',
  'http://a:', '//a:b', '&sig=', 'X-Amz-Signature=', '-----BEGIN PRIVATE KEY-----', 'next_page_token', 'syn1', 'syn', 'from ', 'HTTP/1.1 ', 'a: b\r\n',
  'bytes 0-', '[a]\n', 'a=b\n', 'W/"', '1e', '-', 'Too many concurrent requests. Allowed ', '\u001b[', ', ', ' x', '! ',
]; // prettier-ignore

/** Parsers of texts that others write, with what they begin with. */
const parsers: Readonly<Record<string, { parse: (text: string) => unknown; before?: string[]; files?: string[] }>> = {
  redactText: { parse: redactText, before: ['', 'http://a:', 'token="', 'Bearer '], files: ['redact.ts'] },
  redactUrl: { parse: redactUrl, before: ['', 'http://', 'http://h/?'] },
  parseResponseHead: { parse: parseResponseHead, before: ['HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\na: ', 'HTTP/1.1 200 OK\r\nconnection: '] },
  canBecomeHead: { parse: (text) => canBecomeHead(Buffer.from(text), 0), before: ['HTTP/1.1 200 OK'] },
  objectHead: { parse: (text) => objectHead({ status: 206, headers: { 'content-range': text, etag: text, 'content-length': text, 'content-disposition': text } }), before: ['', 'bytes ', 'attachment; filename="'] },
  errorFromResponse: { parse: (text) => errorFromResponse({ status: 502, method: 'GET', url: 'http://h/', text }), before: ['', '<html>', '<html><script>', '{"reason":"'] },
  storageHttpError: { parse: (body) => storageHttpError('GET', 'http://h/', { status: 500, headers: {}, body }), before: ['', '<Error><Code>'], files: ['net/storageError.ts'] },
  parseRetryAfter: { parse: (text) => parseRetryAfter(text, 0), before: ['', 'Mon, '] },
  readThrottle: { parse: readThrottle },
  copyPartMd5: { parse: copyPartMd5 },
  presignedExpiry: { parse: presignedExpiry, before: ['http://h/?', 'http://h/?X-Amz-Date='] },
  parseIni: { parse: (text) => parseIni(text, 'f'), before: ['', '[a]\n', '[a]\nb=c\n ', '[a]\nb'] },
  replaceSection: { parse: (text) => replaceSection(text, 'a', '[a]\n'), before: ['', '[a]\n'] },
  readClaims: { parse: readClaims },
  parseCacheMap: { parse: parseCacheMap, before: ['', '{"'] },
  findKnownKeys: { parse: (text) => findKnownKeys(text, 'host', 22), before: ['', '|1|', '* '] },
  'a long pattern of known_hosts': { parse: (text) => findKnownKeys(`${text} ssh-rsa key`, 'h'.repeat(30), 22) },
  parseIsoDate: { parse: (text) => parseIsoDate(text, { timeZone: 'UTC' }), before: ['', '2020-01-01T10:00:00', '2020-01-01T10:00:00.', '2020-01-01T10:00:00+'], files: ['values/dates.ts'] },
  fromEpochMs: { parse: fromEpochMs },
  parseDouble: { parse: parseDouble, before: ['', '1.', '1e', '-'] },
  parseSynapseId: { parse: parseSynapseId, before: ['', 'syn', 'syn1.'] },
  tableIdOfQuery: { parse: tableIdOfQuery, before: ['', 'from', "'", '/*', '--'] },
  isUrl: { parse: isUrl, before: ['', 'http://', 'http://[', 'http://h/'] },
  guessFileName: { parse: guessFileName, before: ['', 'http://h/', 'http://h/;'] },
  strip: { parse: strip, before: ['', 'x'], files: ['values/whitespace.ts'] },
  withoutTrailing: { parse: (text) => withoutTrailing(`${text}x`, '/') },
  expandPath: { parse: (text) => expandPath(text, { home: '/h', variables: {} }) },
  safeName: { parse: (text) => safeName(text), files: ['files/safeName.ts'] },
  printable: { parse: printable, files: ['cli/printable.ts'] },
  plainName: { parse: plainName },
  printableTable: { parse: printableTable },
  printableJson: { parse: (text) => printableJson({ text }, 2) },
  lastColumns: { parse: (text) => lastColumns(text, 80) },
  'ruleMatches, the path': { parse: (pathname) => ruleMatches({ path: '/*a*/{id}/*.*' }, { method: 'GET', pathname, operation: undefined }) },
  'parseRange of the server': { parse: (text) => parseRange(text, 10), before: ['', 'bytes', 'bytes=', 'bytes=1'] },
  xmlText: { parse: (text) => xmlText(text, 'a'), before: ['', '<a>', '<a '], files: ['server/files/xml.ts'] },
  parseSchemaId: { parse: parseSchemaId, before: ['', 'a-b-', 'a-b-1.0.0-', 'http://h/'], files: ['server/jsonSchema/schemaIds.ts'] },
  parseLooseJson: { parse: parseLooseJson, before: ['', '[', '{"'] },
  CsvScanner: { parse: scanText, before: ['', '"', 'a,', '"a""'] },
  writeCsvRow: { parse: (text) => writeCsvRow([text], csvDialect()) },
  pythonLiteral: { parse: pythonLiteral, before: ['', '"', "'''", '[', '(', '1', '"a" ', '- ', '#'], files: ['sync/manifest/pythonLiteral.ts'] },
  annotationsOfCell: { parse: (text) => annotationsOfCell(text, 'csv'), before: ['', '[', '["a",'] },
  cellOfAnnotations: { parse: (text) => cellOfAnnotations({ type: 'STRING', value: [text.slice(0, 50_000)] }), before: ['', '[', '"'] },
  ManifestScanner: { parse: scanManifest, before: ['', '"', 'a,', '"a""', 'a\t'] },
  CsvWriter: { parse: (text) => new CsvWriter(csvFormat()).row([text]), files: ['server/tables/csv/csvWriter.ts'] },
}; // prettier-ignore

/** Reads a manifest that arrives in small pieces. */
function scanManifest(text: string): void {
  const scanner = new ManifestScanner();
  for (let at = 0; at < text.length; at += 100) scanner.push(text.slice(at, at + 100));
  scanner.end();
}

/** Reads a CSV text that arrives in small pieces. */
function scanText(text: string): void {
  const dialect = csvDialect();
  const scanner = new CsvScanner({ dialect, name: 'a.csv', emptyLines: 'row' });
  const bytes = Buffer.from(text);
  for (let at = 0; at <= bytes.length; at += 100) {
    const isLast = at + 100 > bytes.length;
    const batch = isLast ? scanner.end() : scanner.push(bytes.subarray(at, at + 100));
    if (batch === undefined) continue;
    const read = cellTexts(batch, dialect);
    for (let cell = 0; cell < batch.rowCount * batch.width; cell += 1) read(cell);
  }
}

/** Files whose expressions are written by users of the server: they have their own bounds, and their own tests. */
const written = ['server/jsonSchema/schemaPattern.ts'];

/** Milliseconds of the processor, the least of some rounds: the machine may do something else meanwhile. */
function timeOf(run: () => unknown): number {
  let least = Infinity;
  for (let round = 0; round < 3 || (round < 12 && least >= longest); round += 1) {
    const start = process.cpuUsage();
    try {
      run();
    } catch {
      // Most of these texts are refused, which takes time too.
    }
    least = Math.min(least, process.cpuUsage(start).user / 1000);
    if (least < longest / 20) break;
  }
  return least;
}

/**
 * Whether a long time is that of a slow machine: a quarter of the text then takes a quarter of the time. It takes a sixteenth when
 * the time is quadratic.
 */
function growsLinearly(attack: string, time: number, run: (text: string) => unknown): boolean {
  return time < 8 * timeOf(() => run(attack.slice(0, attack.length / 4)));
}

interface Timed {
  time: number;
  attack: string;
}

/** The longest time of a text of the full size, of those that take the longest in a short form. */
function worstOf(
  attacks: (length: number) => readonly string[],
  run: (text: string) => unknown,
): Timed {
  // Exponential time would not end for longer texts.
  for (const attack of attacks(28)) {
    const time = timeOf(() => run(attack));
    if (time >= longest) return { attack, time };
  }
  const full = attacks(size);
  const trials = attacks(size / 20).map((attack, index) => {
    return { index, time: timeOf(() => run(attack)) };
  });
  const timed = trials
    .sort((a, b) => b.time - a.time)
    .slice(0, 10)
    .map(({ index, time }) => {
      const attack = full[index] ?? '';
      // A short text that takes this long is proof enough.
      return { attack, time: time >= longest ? time : timeOf(() => run(attack)) };
    })
    .filter(({ attack, time }) => time < longest || !growsLinearly(attack, time, run));
  return timed.sort((a, b) => b.time - a.time)[0] ?? { time: 0, attack: '' };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** With `LINEAR_TIME_TABLE=1`, the expressions and parsers are printed with their worst times. */
const table: string[] = [];

function note(name: string, { time, attack }: Timed): void {
  const start = JSON.stringify(attack.slice(0, 24));
  table.push(`${time.toFixed(2).padStart(7)} ms  ${name}  ${start}...`);
}

afterAll(() => {
  if (process.env['LINEAR_TIME_TABLE']) process.stdout.write(`${table.join('\n')}\n`);
});

describe('every regular expression takes linear time for the texts that it nearly matches', () => {
  const folders = groupBy(sources.literals, ({ place }) => dirname(place));
  test.each([...folders])('%s', (_, expressions) => {
    for (const { place, expression, isRepeated } of expressions) {
      const all = new RegExp(expression, `${expression.flags.replace('g', '')}g`);
      const worst = worstOf(
        (length) => attacksOn(expression, length),
        (text) => (isRepeated ? text.replace(all, '') : expression.exec(text)),
      );
      note(`${place}  ${String(expression)}`, worst);
      if (worst.time >= longest)
        throw new Error(
          `${place} takes ${worst.time} ms for ${JSON.stringify(worst.attack.slice(0, 40))}`,
        );
    }
  });
});

describe('every parser takes linear time', () => {
  test.each(Object.entries(parsers))('%s', (name, { parse, before = [''] }) => {
    const worst = worstOf(
      (length) =>
        before.flatMap((start) =>
          fragments.flatMap((fragment) => {
            const text = start + fragment.repeat(Math.ceil(length / fragment.length));
            return [text, `${text}\0x`];
          }),
        ),
      parse,
    );
    note(name, worst);
    expect(worst.time).toBeLessThan(longest);
  });

  test('expressions that are built at run time are among them', () => {
    const covered = Object.values(parsers).flatMap(({ files = [] }) => files);
    expect([...sources.builtIn].sort()).toEqual([...covered, ...written].sort());
  });
});
