import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

interface Message {
  type: string;
  request_seq?: number;
  success?: boolean;
  message?: string;
  body?: unknown;
}

/** The language server that editors talk to, with one open file. */
export class TsServer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #sequence = 0;

  constructor(cwd: string) {
    const server = createRequire(import.meta.url).resolve('typescript/lib/tsserver.js');
    this.#process = spawn(process.execPath, [server, '--disableAutomaticTypingAcquisition'], {
      cwd,
    });
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const message = JSON.parse(line) as Message;
      if (message.type === 'response') this.#waiting.get(message.request_seq ?? -1)?.(message);
    });
  }

  open(file: string, fileContent: string): void {
    this.#send('open', { file, fileContent });
  }

  /** Types `insertString` over what is in a line from its start. */
  change(file: string, line: number, before: string, insertString: string): void {
    const endOffset = before.length + 1;
    this.#send('change', { file, line, offset: 1, endLine: line, endOffset, insertString });
  }

  /** Names offered behind the end of `text`, the content of `line`. */
  async complete(file: string, line: number, text: string): Promise<string[]> {
    const seq = this.#send('completionInfo', { file, line, offset: text.length + 1 });
    const message = await new Promise<Message>((resolve) => this.#waiting.set(seq, resolve));
    this.#waiting.delete(seq);
    if (message.success !== true) throw new Error(`tsserver: ${message.message ?? 'no answer'}`);
    const { entries } = message.body as { entries: { name: string }[] };
    return entries.map(({ name }) => name);
  }

  close(): void {
    this.#process.kill();
  }

  #send(command: string, args: object): number {
    const seq = ++this.#sequence;
    this.#process.stdin.write(
      `${JSON.stringify({ seq, type: 'request', command, arguments: args })}\n`,
    );
    return seq;
  }
}
