import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the documentation of the API says about operations. The build writes it, and only help and search read it. */
export interface OperationTexts {
  operations: Readonly<
    Record<string, { answer?: string; parameters?: Readonly<Record<string, string>> }>
  >;
  /** By the name of the model of a body. */
  models: Readonly<Record<string, string>>;
  fields: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const none: OperationTexts = { operations: {}, models: {}, fields: {} };

/** @param directory - The directory of the built command line. */
export async function loadOperationTexts(directory: string): Promise<OperationTexts> {
  try {
    const text = await readFile(join(directory, 'operations.json'), 'utf8');
    return JSON.parse(text) as OperationTexts;
  } catch {
    // Help without descriptions is better than none.
    return none;
  }
}
