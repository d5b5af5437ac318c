import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { exitCodes } from '../../exitCodes.js';
import { usageError } from '../../usageError.js';
import { ofKind } from '../../valueKind.js';

/** Timeout for the response of a server on this machine, in milliseconds. */
const patience = 5000;

interface LocalStatus {
  running: boolean;
  /** Absolute path of the requested data directory. */
  data?: string;
  pid?: number;
  endpoint?: string;
  /** `READ_WRITE` or `READ_ONLY`; absent when the server does not respond. */
  status?: string;
  version?: string;
}

export default class LocalStatusCommand extends BaseCommand {
  static override summary = 'Show whether a local Synapse is running.';

  static override description =
    'Finds the server by its data directory or its address. The exit status is 0 when it runs and 4 when it does not.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> --data ./synapse-data',
    '<%= config.bin %> <%= command.id %> --endpoint http://127.0.0.1:8080',
  ];

  static override flags = {
    data: ofKind(
      'directory',
      Flags.string({
        description: 'Data directory of the server.',
        helpValue: '<directory>',
      }),
    ),
  };

  async run(): Promise<LocalStatus> {
    const { flags } = await this.parse(LocalStatusCommand);
    if (flags.data === undefined && flags.endpoint === undefined) {
      throw usageError('Give --data DIR or --endpoint URL.');
    }
    const found = flags.data === undefined ? {} : await this.#ownerOf(flags.data);
    const endpoint = found.endpoint ?? (flags.data === undefined ? flags.endpoint : undefined);
    const answer = endpoint === undefined ? {} : await this.#ask(endpoint);
    const running = found.pid !== undefined || answer.status !== undefined;
    const status: LocalStatus = {
      running,
      ...found,
      endpoint,
      ...answer,
    };
    this.log(describe(status));
    if (!running) process.exitCode = exitCodes.notFound;
    return status;
  }

  async #ownerOf(data: string): Promise<Pick<LocalStatus, 'data' | 'pid' | 'endpoint'>> {
    const { readDataDirState } = await import('../../../server/index.js');
    const { pid, endpoint } = await readDataDirState(data);
    return { data, pid, endpoint };
  }

  async #ask(endpoint: string): Promise<Pick<LocalStatus, 'status' | 'version'>> {
    const { services } = await this.client({ endpoint });
    const options = { signal: this.signal, timeout: patience };
    try {
      const { status } = await services.stackStatus.getStackStatus(options);
      const { version } = await services.stackStatus.getVersion(options);
      return { status, version };
    } catch (error) {
      this.signal.throwIfAborted();
      this.note(`No response from ${endpoint}: ${(error as Error).message}`);
      return {};
    }
  }
}

function describe({ running, data, pid, endpoint, status }: LocalStatus): string {
  const of = data === undefined ? '' : ` on ${data}`;
  if (!running)
    return `No local Synapse is running${endpoint === undefined ? of : ` at ${endpoint}`}.`;
  const at = endpoint === undefined ? '' : ` at ${endpoint}`;
  const process = pid === undefined ? '' : ` (process ${pid})`;
  return `A local Synapse is running${of}${at}${process}: ${status ?? 'it does not respond'}`;
}
