import { Help, type Command } from '@oclif/core';

/** oclif's help, with the parameters of the operation in `synapse api entity.getEntity --help`. */
export default class SynapseHelp extends Help {
  override async showHelp(argv: string[]): Promise<void> {
    const described = argv[0] === 'api' ? await this.#describe(argv[1] ?? '') : undefined;
    if (described) await this.showCommandHelp(described);
    else await super.showHelp(argv);
  }

  async #describe(name: string): Promise<Command.Loadable | undefined> {
    const { operations } = await import('../../generated/operations.js');
    const row = operations[name];
    const command = this.config.findCommand('api');
    if (!row || !command) return undefined;
    const { operationFlags } = await import('./operationCall.js');
    const [method, path, , body, , response] = row;
    const parameters = Object.entries(operationFlags(row)).map(
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
