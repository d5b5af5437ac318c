import { Args, Flags } from '@oclif/core';
import { jobs } from '../../../generated/jobs.js';
import { operations } from '../../../generated/operations.js';
import type { Synapse } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { callJob, callPages } from '../dynamicCall.js';
import { operationArguments, operationFlags } from '../operationCall.js';
import { similarOperations } from '../operationFlags.js';
import { printJson } from '../printJson.js';
import { readJsonArgument } from '../readJsonArgument.js';
import { usageError } from '../usageError.js';

type CallArguments = Record<string, unknown>;

export default class Api extends BaseCommand {
  static override summary = 'Call any operation of the Synapse REST API.';

  static override description =
    'Each parameter of the operation is a flag (--id, --version-number). The request body is JSON: the text ' +
    'itself, @FILE, or - for standard input. The answer is printed as JSON.\n\n' +
    'Find an operation with --list WORDS; see what it takes with ' +
    '`<%= config.bin %> api entity.getEntity --help`.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> entity.getEntity --id syn123',
    '<%= config.bin %> <%= command.id %> entity.createEntity --body @project.json',
    '<%= config.bin %> <%= command.id %> team.listTeams --fragment mouse --paginate',
    '<%= config.bin %> <%= command.id %> --list annotations',
  ];

  static override args = {
    operation: Args.string({
      description: 'Operation, as service.operation; with --list, words of its name.',
    }),
  };

  static override flags = {
    body: Flags.string({
      description: 'Request body: JSON, @FILE, or - for standard input.',
      helpValue: '<json>',
    }),
    paginate: Flags.boolean({ description: 'Follow the pages and print one array of all items.' }),
    wait: Flags.boolean({ description: 'Wait for the result of an asynchronous job.' }),
    list: Flags.boolean({
      description: 'List the operations whose name has the words given.',
      exclusive: ['body', 'paginate', 'wait'],
    }),
  };

  async run(): Promise<unknown> {
    // Which flags there are depends on the operation, so it is looked for before they are parsed.
    const row = this.argv.map((word) => operations[word]).find((found) => found !== undefined);
    const [typed] = this.argv;
    const isName = typed !== undefined && !typed.startsWith('-') && !this.argv.includes('--list');
    if (isName && !row) throw unknownOperation(typed);
    const { args, flags } = await this.parse({
      args: Api.args,
      baseFlags: Api.baseFlags,
      enableJsonFlag: true,
      flags: { ...(row && operationFlags(row)), ...Api.flags },
    });
    if (flags.list) return this.#list(args.operation);
    if (!args.operation) throw usageError('Name an operation, or find one with --list WORDS.');
    if (!row) throw unknownOperation(args.operation);

    const body = await readJsonArgument('--body', flags.body);
    const callArguments = operationArguments(row, flags, body);
    const syn = await this.connect(flags, { anonymous: true });
    const result = flags.paginate
      ? await this.#allPages(syn, args.operation, callArguments)
      : flags.wait
        ? await this.#jobResult(syn, args.operation, callArguments)
        : await syn.call(args.operation, callArguments, { signal: this.signal });
    if (result !== undefined && !this.jsonEnabled()) printJson(result);
    return result ?? {};
  }

  #list(typed: string | undefined): string[] {
    const names = Object.keys(operations);
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
    for await (const item of callPages(syn, operation, callArguments, { signal: this.signal })) {
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
  const [method, path] = operations[name] ?? [];
  return `${method ?? ''} ${path ?? ''}`;
}

function unknownOperation(typed: string): Error {
  const near = similarOperations(typed, Object.keys(operations));
  const hint =
    near.length > 0 ? ` Did you mean ${near.join(', ')}?` : ' Find one with --list WORDS.';
  return usageError(`There is no operation ${JSON.stringify(typed)}.${hint}`);
}
