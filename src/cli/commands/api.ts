import { Readable } from 'node:stream';
import { Args, type Interfaces } from '@oclif/core';
import { operationById, operationIds, type Operation } from '../../api/operation.js';
import type { Synapse } from '../../index.js';
import { parseJsonInput, stringifyJson } from '../../values/json.js';
import { apiFlags } from '../api/apiFlags.js';
import { loadSchemas, needsSchemas } from '../api/bodySchema.js';
import { booleanWords } from '../api/booleanWords.js';
import type { FieldWord } from '../api/callBody.js';
import { findTarget } from '../api/findTarget.js';
import { jobOf } from '../api/jobOf.js';
import { isPath, isUrl, matchPath, methodOf, type PathMatch } from '../api/matchPath.js';
import { oclifFlags } from '../api/oclifFlags.js';
import { readCall, type Call } from '../api/readCall.js';
import { readHeaders } from '../api/readHeaders.js';
import { takenNames } from '../api/takenNames.js';
import { BaseCommand } from '../baseCommand.js';
import { commandDirectory } from '../commandData.js';
import { callJob, callPages, type JobRequest } from '../dynamicCall.js';
import { operationFlags } from '../operationCall.js';
import { printable } from '../printable.js';
import { printJson } from '../printJson.js';
import { readJsonArgument } from '../readJsonArgument.js';
import { similarOperations } from '../similarOperations.js';
import { terminalColumns } from '../terminalColumns.js';
import { usageError } from '../usageError.js';
import { ofKind } from '../valueKind.js';

type ApiFlags = Interfaces.InferredFlags<typeof apiFlags & typeof BaseCommand.baseFlags>;
type Response = Parameters<
  NonNullable<NonNullable<Parameters<Synapse['call']>[2]>['onResponse']>
>[0];

export default class Api extends BaseCommand {
  static override summary = 'Call any operation of the Synapse REST API.';

  static override description =
    'Each parameter of an operation is a flag (--id, --version-number), and so is each field of its body that is a value or a ' +
    'list of values. --field sets any field, and --body gives the whole body. The answer is printed as JSON.\n\n' +
    'An endpoint can also be called by its method and path. `/entity/syn123` is short for `/repo/v1/entity/syn123`.\n\n' +
    'Find an operation with --list WORDS; see its parameters, its fields and an example with ' +
    '`<%= config.bin %> api entity.getEntity --help`.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> entity.getEntity --id syn123',
    '<%= config.bin %> <%= command.id %> entity.createEntity --concrete-type Folder --name data --parent-id syn123',
    '<%= config.bin %> <%= command.id %> entity.createEntity --body @project.json --dry-run',
    '<%= config.bin %> <%= command.id %> team.listTeams --fragment mouse --paginate',
    '<%= config.bin %> <%= command.id %> GET /entity/syn123/path',
    '<%= config.bin %> <%= command.id %> --list annotations',
  ];

  static override args = {
    operation: ofKind(
      'operation',
      Args.string({
        description: 'Operation (service.operation), HTTP method, or with --list: words to search.',
      }),
    ),
    path: Args.string({
      description: 'Path of the endpoint, after an HTTP method.',
    }),
  };

  static override flags = apiFlags;

  async run(): Promise<unknown> {
    // The flags depend on the operation, so the operation is found before they are parsed.
    const isList = this.argv.includes('--list');
    const { operation, given } = (isList ? undefined : findTarget(this.argv)) ?? {};
    const [typed = '-'] = this.argv;
    const isWord = !typed.startsWith('-') && !isList;
    if (isWord && !operation && !methodOf(typed) && !isPath(typed)) throw unknownOperation(typed);
    const schemas = operation && needsSchemas(operation) ? await loadSchemas() : {};
    const definitions = operation
      ? operationFlags(operation, { schemas, given, taken: takenNames })
      : {};
    this.argv = booleanWords(this.argv, definitions);
    const { args, flags, argv, raw } = await this.parse({
      args: Api.args,
      baseFlags: Api.baseFlags,
      enableJsonFlag: true,
      flags: { ...oclifFlags(definitions), ...apiFlags },
      strict: !isList,
    });
    if (flags.list) return this.#list(argv.map(String));
    if (args.operation === undefined) throw usageError(nothingToCall);
    const target = await this.#target(args.operation, args.path, flags);
    const call = await readCall(target, {
      schemas,
      definitions,
      flags,
      body: await readJsonArgument('--body', flags.body, parseJsonInput),
      fields: raw.flatMap((token) =>
        token.type === 'flag' ? fieldWord(token.flag, token.input) : [],
      ),
    });
    const job = flags.wait ? jobOf(call) : undefined;
    if (flags.paginate) requirePages(call);
    return flags['dry-run'] ? this.#plan(call, flags) : this.#perform(call, flags, job);
  }

  /** The operation, or the endpoint, that the arguments name. */
  async #target(
    first: string,
    second: string | undefined,
    flags: ApiFlags,
  ): Promise<Operation | PathMatch> {
    const method = methodOf(first);
    if (method === undefined && second !== undefined) {
      throw usageError(`Unexpected argument: ${second}`);
    }
    const operation = operationById(first);
    if (operation !== undefined) return operation;
    if (method === undefined && !isPath(first)) throw unknownOperation(first);
    const path = method === undefined ? first : second;
    if (path === undefined) throw usageError(`Name a path: ${first} /repo/v1/...`);
    return matchPath(method ?? 'GET', isUrl(path) ? await this.#pathOf(path, flags) : path);
  }

  /** The path of a URL of the Synapse that the flags and the configuration choose. */
  async #pathOf(url: string, flags: ApiFlags): Promise<string> {
    const { pathOfUrl, serviceAddresses } = await import('../api/pathOfUrl.js');
    return pathOfUrl(url, await serviceAddresses((fetch) => this.client(flags, { fetch })));
  }

  /** Prints the request, and sends nothing. */
  async #plan(call: Call, flags: ApiFlags): Promise<unknown> {
    const { planRequest } = await import('../api/planRequest.js');
    const { curlCommand, maskedRequest } = await import('../api/curlCommand.js');
    const planned = await planRequest(
      (fetch) => this.client(flags, { fetch }),
      async (syn) => {
        const options = this.#options(flags);
        if (!flags.paginate) return syn.call(call.name, call.args, options);
        for await (const item of callPages(syn, call.name, call.args, options)) return item;
        return undefined;
      },
    );
    if (!this.jsonEnabled()) this.logText(curlCommand(planned));
    return maskedRequest(planned);
  }

  async #perform(call: Call, flags: ApiFlags, job: JobRequest | undefined): Promise<unknown> {
    const options = this.#options(flags);
    const syn = await this.connect(flags, { anonymous: true });
    if (flags.paginate) {
      return this.#printItems(callPages(syn, call.name, call.args, options), flags);
    }
    if (job !== undefined) {
      const onProgress = await this.progress();
      return this.#print(await callJob(syn, job, { ...options, onProgress }), flags);
    }
    let response: Response | undefined;
    const onResponse = (received: Response): void => {
      response = received;
      if (flags.include && !this.jsonEnabled()) this.log(headText(received));
    };
    const result = await syn.call(call.name, call.args, { ...options, onResponse });
    const type = response?.headers.get('content-type') ?? '';
    const isFile = call.operation?.parse === 'redirect';
    const isText = typeof result === 'string' && (isFile || !/json/i.test(type));
    const text = isText ? result : undefined;
    const printed =
      isFile && text !== undefined && flags.output !== undefined
        ? await this.#download(text, flags)
        : await this.#print(result, flags, text);
    return flags.include && response
      ? { status: response.status, headers: Object.fromEntries(response.headers), body: printed }
      : printed;
  }

  /** Numbers are printed as they were received. */
  #options(flags: ApiFlags): {
    signal: AbortSignal;
    exactNumbers: true;
    headers: Record<string, string>;
    timeout?: number;
  } {
    const { timeout } = flags;
    return {
      signal: this.signal,
      exactNumbers: true,
      headers: readHeaders(flags.header),
      ...(timeout !== undefined && { timeout: timeout * 1000 }),
    };
  }

  /** Prints the items while they arrive. */
  async #printItems(items: AsyncIterable<unknown>, flags: ApiFlags): Promise<unknown> {
    const { jsonItems } = await import('../jsonItems.js');
    const text = (): AsyncIterable<string> => jsonItems(items, { lines: flags.ndjson });
    if (flags.output !== undefined) return this.#save(text, flags);
    await this.logJsonChunks(text());
    return undefined;
  }

  /** Prints an answer. @param text - The answer, if it is not JSON. @returns what `--json` prints */
  async #print(result: unknown, flags: ApiFlags, text?: string): Promise<unknown> {
    if (flags.output !== undefined) {
      const json = result === undefined ? '' : `${stringifyJson(result, { indent: 2 })}\n`;
      return this.#save(() => Readable.from([text ?? json]), flags);
    }
    if (result !== undefined && !this.jsonEnabled()) {
      if (text === undefined) printJson(result);
      else this.#printText(text);
    }
    return result ?? {};
  }

  /** Prints a text. On a terminal, its control characters are escaped. */
  #printText(text: string): void {
    if (process.stdout.isTTY) this.logText(text);
    else process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Saves the file at a URL that is the answer. */
  async #download(url: string, flags: ApiFlags): Promise<unknown> {
    const { urlContent } = await import('../../storages/http/urlContent.js');
    const onProgress = await this.progress();
    return this.#save(() => urlContent(url, { signal: this.signal, onProgress }), flags);
  }

  async #save(open: () => AsyncIterable<Uint8Array | string>, flags: ApiFlags): Promise<unknown> {
    const { output = '', overwrite } = flags;
    const { writeOutput } = await import('../../tables/query/writeOutput.js');
    const path = (await writeOutput(output, open, { overwrite, signal: this.signal })) ?? output;
    this.note(`Wrote ${printable(path)}`);
    return { path };
  }

  async #list(words: readonly string[]): Promise<unknown> {
    const { searchOperations } = await import('../api/searchOperations.js');
    const found = await searchOperations(words.join(' '), commandDirectory(this.config.root));
    if (found.length === 0) this.note('No operation has these words.');
    const { operationTable } = await import('../api/operationTable.js');
    const lines = operationTable(found, terminalColumns());
    if (found.length > 0) this.log(lines.join('\n'));
    return found;
  }
}

const nothingToCall =
  'Name an operation (synapse api entity.getEntity --id syn123), or a method and a path (synapse api GET /entity/syn123). ' +
  'Find operations with `synapse api --list WORDS`, and see the parameters of one with `synapse api OPERATION --help`.';

function fieldWord(flag: string, text: string): FieldWord[] {
  const found = fieldFlags.find((name) => name === flag);
  return found === undefined ? [] : [{ flag: found, text }];
}

const fieldFlags = ['field', 'raw-field', 'field-json'] as const;

function headText({ status, headers }: Response): string {
  return [`HTTP ${status}`, ...[...headers].map(([name, value]) => `${name}: ${value}`), ''].join(
    '\n',
  );
}

function requirePages({ name, operation }: Call): void {
  if (operation?.page) return;
  throw usageError(`${name} does not answer in pages: leave out --paginate.`);
}

function unknownOperation(typed: string): Error {
  const near = similarOperations(typed, operationIds());
  const hint =
    near.length > 0 ? ` Did you mean ${near.join(', ')}?` : ' Find one with --list WORDS.';
  return usageError(`There is no operation ${JSON.stringify(typed)}.${hint}`);
}
