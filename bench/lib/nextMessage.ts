import type { ChildProcess } from 'node:child_process';

/** An embedded Synapse in a process of its own. */
export interface BenchServer {
  endpoint: string;
  authToken: string;
}

/** The next message of a child process. It rejects when the child ends instead. */
export function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (value) => resolve(value as T));
    child.once('exit', (code) => reject(new Error(`A child ended with ${code ?? 'a signal'}.`)));
  });
}
