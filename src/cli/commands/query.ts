import { Args, Flags } from '@oclif/core';
import type { Progress, SqlValue, TableQuery } from '../../index.js';
import { writeOutput } from '../../tables/query/writeOutput.js';
import { parseJsonInput } from '../../values/json.js';
import { BaseCommand } from '../baseCommand.js';
import { pipeToStdout } from '../pipeToStdout.js';
import { printable } from '../printable.js';
import { safeJson, safeText } from '../safeChunks.js';
import {
  binaryFormats,
  formatOfFile,
  queryFormats,
  type FileFormat,
  type QueryFormat,
} from '../queryFormats.js';
import { QueryTable } from '../queryTable.js';
import { readJsonObject } from '../readJsonArgument.js';
import { isReaderGone } from '../standardStreams.js';
import { usageError } from '../usageError.js';
import { ofKind } from '../valueKind.js';

/** Values as a table shows them. The other formats have forms of their own. */
const tableValues = { integers: 'string', json: 'text' } as const;

type SqlValues = Readonly<Record<string, SqlValue>>;

type Format = FileFormat | 'table';

/** The file that a result is written to. */
interface FileTarget {
  output: string;
  format: FileFormat;
  overwrite: boolean;
  references: boolean | undefined;
}

export default class Query extends BaseCommand {
  static override summary = 'Query a table or view with SQL.';

  static override description =
    'Prints an aligned table on a terminal. Into a pipe or file, prints lines with tabs, like the Python client: cells are not ' +
    'quoted there, so that those with tabs or line ends need another --format.\n\n' +
    'The words of the SQL may be separate arguments. In single quotes they are safe from the shell.\n\n' +
    'Parameters in the SQL, such as :age, are replaced by the values of --params. A value cannot become a part of the SQL, ' +
    'whatever it contains. A list stands for (1, 2, 3).';

  static override examples = [
    "<%= config.bin %> <%= command.id %> 'select * from syn789 where age > 40'",
    '<%= config.bin %> <%= command.id %> \'select * from syn789 where patient in :ids\' --params \'{"ids": ["a", "b"]}\'',
    "<%= config.bin %> <%= command.id %> 'select * from syn789' --output visits.csv",
    "<%= config.bin %> <%= command.id %> 'select name, age from syn789' --format ndjson | jq .age",
  ];

  static override args = {
    sql: Args.string({ description: 'SQL, such as: select * from syn123 where age > 40' }),
  };

  static override strict = false;

  static override flags = {
    format: Flags.option({
      options: ['table', ...(Object.keys(queryFormats) as QueryFormat[]), 'parquet'] as const,
      description:
        'Format of the result; parquet needs --output. Default: table on a terminal, else tsv; with --output, by the extension of ' +
        'the file, else csv.',
    })(),
    output: ofKind(
      'file',
      Flags.string({
        char: 'o',
        description: 'File to write the result to. It appears when it is complete.',
        helpValue: '<file>',
      }),
    ),
    overwrite: Flags.boolean({
      description: 'Replace the file of --output if it exists.',
      dependsOn: ['output'],
    }),
    params: Flags.string({
      description:
        'Values of the parameters in the SQL: a JSON object, @FILE, or - for standard input.',
      helpValue: '<json>',
    }),
    limit: Flags.integer({ description: 'Maximum number of rows.', helpValue: '<number>', min: 0 }),
    offset: Flags.integer({
      description: 'Number of rows to skip.',
      helpValue: '<number>',
      min: 0,
    }),
    'row-ids': Flags.boolean({
      allowNo: true,
      description:
        'Include ROW_ID and ROW_VERSION, and for views ROW_ETAG. Default: only for table, tsv and csv.',
    }),
  };

  async run(): Promise<unknown> {
    const { raw, flags } = await this.parse(Query);
    // oclif sorts `argv`, and moves a word that occurs twice.
    const words = raw.filter(({ type }) => type === 'arg').map(({ input }) => input);
    const text = words.join(' ').trim();
    if (text === '') throw usageError('Give the SQL: synapse query "select * from syn123"');
    const { output } = flags;
    const format = this.#format(flags.format, output);
    const params = await readJsonObject('--params', flags.params, parseJsonInput);
    const syn = await this.connect(flags, { anonymous: true });
    const { sql } = await import('../../index.js');
    const bound = params === undefined ? text : sql.bind(text, params as SqlValues);
    const query = syn.tables.query(bound, {
      limit: flags.limit,
      offset: flags.offset,
      // The Python client asks for it as well.
      includeEtag: true,
      ...(format === 'table' && tableValues),
      signal: this.signal,
      onProgress: await this.#progress(output),
    });
    const options = { references: flags['row-ids'] };
    if (format === 'table') await this.#printTable(query, options.references);
    else if (output !== undefined) {
      const path = await this.#write(query, { ...flags, ...options, output, format });
      this.note(`Wrote ${printable(output)}`);
      return { path, format };
    } else if (format !== 'parquet')
      await this.#print(queryFormats[format](query, options), format);
    // The result has been printed.
    return undefined;
  }

  /** @throws a usage error for a format that does not fit where the result goes */
  #format(given: Format | undefined, output: string | undefined): Format {
    if (output !== undefined) {
      if (given !== 'table') return given ?? formatOfFile(output);
      throw usageError('--format table is for a terminal: give another format.');
    }
    const { isTTY } = process.stdout;
    if (this.jsonEnabled() && given !== undefined && given !== this.jsonFormat) {
      throw usageError(`--${this.jsonFormat} cannot be combined with --format ${given}.`);
    }
    if (given === 'parquet' || (isTTY && binaryFormats.has(given ?? ''))) {
      throw usageError(`--format ${given} is for a file: add --output.`);
    }
    if (this.jsonEnabled()) return this.jsonFormat;
    return given ?? (isTTY ? 'table' : 'tsv');
  }

  /** Progress is shown on a terminal where the result is not. Nothing else has to be said about a result that is printed. */
  async #progress(output: string | undefined): Promise<((progress: Progress) => void) | undefined> {
    const isShown = process.stderr.isTTY && (output !== undefined || !process.stdout.isTTY);
    return isShown ? this.progress() : undefined;
  }

  async #print(chunks: AsyncIterable<Uint8Array | string>, format: QueryFormat): Promise<void> {
    // Control characters in the text of a server are escaped for a terminal. In JSON, that keeps the values.
    const isJson = format === 'json' || format === 'ndjson';
    const isText = process.stdout.isTTY && !binaryFormats.has(format);
    const safe = isJson ? safeJson(chunks) : isText ? safeText(chunks) : chunks;
    if (this.jsonEnabled()) await this.logJsonChunks(safe);
    else await pipeToStdout(safe, this.signal);
  }

  /** @returns the path of the file */
  async #write(
    query: TableQuery,
    { output, format, overwrite, references }: FileTarget,
  ): Promise<string> {
    const options = { overwrite, references };
    if (format === 'parquet') return query.toParquet(output, options);
    if (format === 'csv') return query.toCsv(output, options);
    const open = (): AsyncIterable<Uint8Array | string> => queryFormats[format](query, options);
    return (await writeOutput(output, open, { overwrite, signal: this.signal })) ?? output;
  }

  async #printTable(query: TableQuery, references = true): Promise<void> {
    const { rowReference } = await import('../../index.js');
    const table = new QueryTable(await query.open(), {
      references: references ? rowReference : undefined,
      columns: process.stdout.columns || 80,
    });
    if (process.stdout.isTTY) {
      for await (const lines of table.lines()) {
        this.log(lines);
        if (isReaderGone()) return;
      }
    } else await pipeToStdout(withLineEnds(table.lines()), this.signal);
    this.note(table.summary);
  }
}

async function* withLineEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const each of lines) yield `${each}\n`;
}
