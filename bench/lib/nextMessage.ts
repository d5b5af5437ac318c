import type { ChildProcess } from 'node:child_process';

/** An embedded Synapse in a process of its own. */
export interface BenchServer {
  endpoint: string;
  authToken: string;
}

/** The next message of a child process. It rejects when the child ends instead. */
export function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`A child ended with ${code ?? 'a signal'}.`));
    child.once('exit', onExit);
    child.once('message', (value) => {
      child.off('exit', onExit);
      resolve(value as T);
    });
  });
}
