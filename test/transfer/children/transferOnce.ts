import { downloadFile } from '../transfers.js';
import { StorageWire } from '../../../src/transfer/storageWire.js';
import { FileHandleBatch } from '../../../src/storages/synapse/fileHandleBatch.js';
import type { TransferService } from '../../../src/storages/synapse/transferService.js';
import { uploadFile } from '../../../src/storages/synapse/uploadFile.js';

/** One transfer, as its parent says; the parent also answers for Synapse. */
export type Task =
  | { what: 'download'; destination: string; partSize: number; concurrency: number }
  | { what: 'upload'; path: string; partSize: number; concurrency: number };

const waiting = new Map<
  number,
  { resolve: (value: never) => void; reject: (error: Error) => void }
>();
let calls = 0;

const ask =
  (operation: keyof TransferService) =>
  (args: unknown): Promise<never> =>
    new Promise((resolve, reject) => {
      calls += 1;
      waiting.set(calls, { resolve, reject });
      process.send?.({ call: calls, operation, args });
    });

const file: TransferService = {
  addMultipartUploadPart: ask('addMultipartUploadPart'),
  completeMultipartUpload: ask('completeMultipartUpload'),
  createMultipartUpload: ask('createMultipartUpload'),
  getFileHandleBatch: ask('getFileHandleBatch'),
  getMultipartUploadUrlBatch: ask('getMultipartUploadUrlBatch'),
};
const state = { fileHandles: new FileHandleBatch(file) };
const context = { services: { file }, storage: new StorageWire({ env: {} }), state };

async function run(task: Task): Promise<void> {
  if (task.what === 'upload') await uploadFile(context, task);
  else {
    const fileHandle = {
      fileHandleId: '7',
      associateObjectId: 'syn1',
      associateObjectType: 'FileEntity',
    } as const;
    await downloadFile(context, { ...task, fileHandle });
  }
  await context.storage.close();
  process.disconnect();
}

process.on('message', (message: Task | { answer: number; value?: never; error?: string }) => {
  if ('what' in message) {
    run(message).catch((error: unknown) => {
      process.stderr.write(String(error));
      process.exit(1);
    });
    return;
  }
  const call = waiting.get(message.answer);
  waiting.delete(message.answer);
  if (message.error !== undefined) call?.reject(new Error(message.error));
  else call?.resolve(message.value as never);
});
process.send?.('ready');
