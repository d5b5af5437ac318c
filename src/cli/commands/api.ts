import { Args, Flags, type Interfaces } from '@oclif/core';
import { jobs } from '../../../generated/jobs.js';
import { methods, operationById, operationIds } from '../../api/operation.js';
import type { Synapse } from '../../index.js';
import { parseJsonInput } from '../../values/json.js';
import { BaseCommand } from '../baseCommand.js';
import { callJob, callPages } from '../dynamicCall.js';
import { operationArguments, operationFlags } from '../operationCall.js';
import { printJson } from '../printJson.js';
import { readJsonArgument } from '../readJsonArgument.js';
import { similarOperations } from '../similarOperations.js';
import { usageError } from '../usageError.js';

type CallArguments = Record<string, unknown>;

export default class Api extends BaseCommand {
  static override summary = 'Call any operation of the Synapse REST API.';

  static override description =
    'Each parameter of the operation is a flag (--id, --version-number). The request body is JSON: the text ' +
    'itself, @FILE, or - for standard input. The answer is printed as JSON.\n\n' +
    'To call an endpoint without an operation, give its method and path.\n\n' +
    'Find an operation with --list WORDS; see its flags with ' +
    '`<%= config.bin %> api entity.getEntity --help`.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> entity.getEntity --id syn123',
    '<%= config.bin %> <%= command.id %> entity.createEntity --body @project.json',
    '<%= config.bin %> <%= command.id %> team.listTeams --fragment mouse --paginate',
    '<%= config.bin %> <%= command.id %> GET /repo/v1/entity/syn123/path',
    '<%= config.bin %> <%= command.id %> --list annotations',
  ];

  static override args = {
    operation: Args.string({
      description: 'Operation (service.operation), HTTP method, or with --list: words to search.',
    }),
    path: Args.string({
      description: 'Path of the endpoint, after an HTTP method.',
    }),
  };

  static override flags = {
    body: Flags.string({
      description: 'Request body: JSON, @FILE, or - for standard input.',
      helpValue: '<json>',
    }),
    paginate: Flags.boolean({ description: 'Fetch all pages and print one array of items.' }),
    wait: Flags.boolean({ description: 'Wait for the result of an asynchronous job.' }),
    list: Flags.boolean({
      description: 'List operations by the words in their names.',
      exclusive: ['body', 'paginate', 'wait'],
    }),
  };

  async run(): Promise<unknown> {
    // The flags depend on the operation, so the operation is read before they are parsed.
    const operation = this.argv.map(operationById).find((found) => found !== undefined);
    const [typed] = this.argv;
    const isName = typed !== undefined && !typed.startsWith('-') && !this.argv.includes('--list');
    if (isName && !operation && !isMethod(typed)) throw unknownOperation(typed);
    const { args, flags } = await this.parse({
      args: Api.args,
      baseFlags: Api.baseFlags,
      enableJsonFlag: true,
      flags: { ...(operation && operationFlags(operation)), ...Api.flags },
    });
    if (flags.list) return this.#list(args.operation);
    if (!args.operation) throw usageError('Name an operation, or find one with --list WORDS.');
    const body = await readJsonArgument('--body', flags.body, parseJsonInput);
    if (isMethod(args.operation)) return this.#callPath(args.operation, args.path, body, flags);
    if (args.path !== undefined) throw usageError(`Unexpected argument: ${args.path}`);
    if (!operation) throw unknownOperation(args.operation);

    const callArguments = operationArguments(operation, flags, body);
    const syn = await this.connect(flags, { anonymous: true });
    const result = flags.paginate
      ? await this.#allPages(syn, args.operation, callArguments)
      : flags.wait
        ? await this.#jobResult(syn, args.operation, callArguments)
        : await syn.call(args.operation, callArguments, this.#callOptions());
    return this.#print(result);
  }

  async #callPath(
    method: string,
    path: string | undefined,
    body: unknown,
    flags: Interfaces.InferredFlags<typeof Api.flags & typeof Api.baseFlags>,
  ): Promise<unknown> {
    if (path === undefined) throw usageError(`Name a path: ${method} /repo/v1/...`);
    if (flags.paginate || flags.wait) {
      throw usageError('--paginate and --wait take the name of an operation, not a path.');
    }
    const syn = await this.connect(flags, { anonymous: true });
    return this.#print(await syn.call(`${method} ${path}`, { body }, this.#callOptions()));
  }

  /** Numbers are printed as they were received. */
  #callOptions(): { signal: AbortSignal; exactNumbers: true } {
    return { signal: this.signal, exactNumbers: true };
  }

  #print(result: unknown): unknown {
    if (result !== undefined && !this.jsonEnabled()) printJson(result);
    return result ?? {};
  }

  #list(typed: string | undefined): string[] {
    const names = operationIds();
    const found = typed === undefined ? names : similarOperations(typed, names, names.length);
    for (const name of found) this.log(`${name}  ${operationLine(name)}`);
    return found;
  }

  async #allPages(
    syn: Synapse,
    operation: string,
    callArguments: CallArguments,
  ): Promise<unknown[]> {
    const items: unknown[] = [];
    for await (const item of callPages(syn, operation, callArguments, this.#callOptions())) {
      items.push(item);
    }
    return items;
  }

  async #jobResult(
    syn: Synapse,
    operation: string,
    callArguments: CallArguments,
  ): Promise<unknown> {
    const started = Object.entries(jobs).find(([, { start }]) => start === operation);
    if (!started) throw usageError(`${operation} does not start a job: leave out --wait.`);
    const { body, ...path } = callArguments;
    const request = { concreteType: started[0], ...(body as object) };
    return callJob(syn, request, path, {
      signal: this.signal,
      onProgress: await this.progress(),
    });
  }
}

function operationLine(name: string): string {
  const { method = '', path = '' } = operationById(name) ?? {};
  return `${method} ${path}`;
}

function isMethod(word: string): boolean {
  return methods.some((method) => method === word);
}

function unknownOperation(typed: string): Error {
  const near = similarOperations(typed, operationIds());
  const hint =
    near.length > 0 ? ` Did you mean ${near.join(', ')}?` : ' Find one with --list WORDS.';
  return usageError(`There is no operation ${JSON.stringify(typed)}.${hint}`);
}
