import { CommandHelp, Help, type Command } from '@oclif/core';

/**
 * oclif's help with shorter usage lines, global flags at the end, first steps, and the parameters of the operation in
 * `synapse api entity.getEntity --help`.
 */
export default class SynapseHelp extends Help {
  protected override CommandHelpClass = SynapseCommandHelp;

  /** @param argv - The id of a command or topic, and the words after it. Without any, shows help about everything. */
  override async showHelp([id, ...rest]: string[]): Promise<void> {
    const described = id === 'api' ? await this.#describe(rest[0] ?? '') : undefined;
    if (described) await this.showCommandHelp(described);
    else await super.showHelp(id === undefined ? [] : [id]);
  }

  protected override async showRootHelp(): Promise<void> {
    await super.showRootHelp();
    this.log(this.section('BEGIN', beginning.join('\n')));
    this.log('');
    this.log(this.section('EXIT STATUS', exitStatus));
  }

  async #describe(name: string): Promise<Command.Loadable | undefined> {
    const { operationById } = await import('../api/operation.js');
    const operation = operationById(name);
    const command = this.config.findCommand('api');
    if (!operation || !command) return undefined;
    const { operationFlags } = await import('./operationCall.js');
    const { method, path, body, response } = operation;
    const parameters = Object.entries(operationFlags(operation)).map(
      ([flag, definition]) => [flag, { ...definition, name: flag }] as const,
    );
    return {
      ...command,
      id: `api ${name}`,
      summary: `${method} ${path}`,
      description: `Request body: ${body || 'none'}\nAnswer: ${response || 'none'}`,
      examples: [],
      args: {},
      flags: { ...command.flags, ...Object.fromEntries(parameters) },
    };
  }
}

const beginning = [
  'synapse login --remember-me  log in once',
  'synapse list                 list your projects',
  'synapse COMMAND -h           show flags and examples',
  'synapse autocomplete         complete commands with Tab',
];

const exitStatus = [
  '0    success',
  '1    failure',
  '2    invalid command line or value',
  '3    not logged in, or the token was refused',
  '4    not found in Synapse',
  '5    some of several items failed',
  '130  interrupted',
].join('\n');

// Replaces oclif's own description of this flag.
const jsonDescription =
  'Print the result as JSON, and progress and errors as JSON on standard error.';

const isGlobal = ({ helpGroup }: Command.Flag.Any): boolean => helpGroup === 'GLOBAL';

class SynapseCommandHelp extends CommandHelp {
  /** Shows only required flags, so that they stand out. */
  protected override defaultUsage(): string {
    const { id, args, flags } = this.command;
    const required = Object.values(flags)
      .filter((flag) => flag.required === true && flag.hidden !== true)
      .map((flag) => this.flagHelpLabel(flag).trim());
    const given = Object.values(args)
      .filter(({ hidden }) => hidden !== true)
      .map((arg) => `${this.arg(arg)}${arg.multiple === true ? '...' : ''}`);
    return [id, ...given, ...required, '[FLAGS]'].join(' ');
  }

  protected override flags(flags: Command.Flag.Any[]): ReturnType<CommandHelp['flags']> {
    return super.flags(
      flags.map((flag) =>
        flag.name === 'json' ? { ...flag, description: jsonDescription } : flag,
      ),
    );
  }

  /** Leaves out the summary, which is printed above. */
  protected override description(): string | undefined {
    const { summary, description = '' } = this.command;
    return summary !== undefined && description !== '' ? this.wrap(description) : undefined;
  }

  /** The flags that all commands share come last. */
  protected override sections(): ReturnType<CommandHelp['sections']> {
    const sections = super.sections();
    const part = (
      { generate, header }: (typeof sections)[number],
      isShown: (flag: Command.Flag.Any) => boolean,
    ): (typeof sections)[number] => ({
      header,
      generate: (data, title) => generate({ ...data, flags: data.flags.filter(isShown) }, title),
    });
    return [
      ...sections.map((section) => part(section, (flag) => !isGlobal(flag))),
      ...sections.filter(({ header }) => header === 'FLAGS').map((flags) => part(flags, isGlobal)),
    ];
  }
}
