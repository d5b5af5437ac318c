import { open, realpath, rename, rm } from 'node:fs/promises';
import { fileSystemError } from '../../errors.js';
import { temporaryPath } from '../../files/temporaryPath.js';
import type { PlanProblem } from '../plan/planData.js';
import type { ManifestEntry, ManifestForm } from './manifestRow.js';
import { ManifestText, type TextOptions } from './manifestText.js';

/** How {@link openManifest} and {@link writeManifest} write. */
export interface WriteManifestOptions extends TextOptions {
  signal?: AbortSignal;
}

/** A manifest that was written. */
export interface WrittenManifest {
  path: string;
  /** Rows below the header. */
  rows: number;
  /** What could not be written so that both clients read it back. The rest is written. */
  problems: PlanProblem[];
}

/** A manifest that is being written. Nothing is at its path before {@link end}. */
export interface OpenManifest {
  add(entry: ManifestEntry): Promise<void>;
  /**
   * Writes the file and moves it to its path in one step.
   *
   * @throws {@link FileSystemError}
   */
  end(): Promise<WrittenManifest>;
  /** Gives the manifest up. Does nothing after {@link end}. */
  abort(): Promise<void>;
}

/**
 * Opens a manifest for writing, row by row. Its memory is constant: the rows are kept in a temporary file.
 *
 * The columns `versionNumber`, `dataFileMD5Hex` and so on are written in the form `csv` only, when an entry has them: in a TSV
 * the Python client would take them for annotations.
 */
export function openManifest(
  path: string,
  form: ManifestForm,
  options: WriteManifestOptions = {},
): OpenManifest {
  const { signal, ...textOptions } = options;
  const text = new ManifestText(form, textOptions);
  return {
    add: (entry) => text.add(entry),
    end: async () => {
      try {
        await writeText(path, text.text(), signal);
      } finally {
        await text.end();
      }
      return { path, rows: text.rows, problems: text.problems };
    },
    abort: () => text.end(),
  };
}

/**
 * Writes a manifest. The file appears at its path in one step.
 *
 * @returns What was written, and what no manifest can hold.
 * @throws {@link FileSystemError}
 */
export async function writeManifest(
  path: string,
  form: ManifestForm,
  entries: Iterable<ManifestEntry> | AsyncIterable<ManifestEntry>,
  options: WriteManifestOptions = {},
): Promise<WrittenManifest> {
  const manifest = openManifest(path, form, options);
  try {
    for await (const entry of entries) {
      options.signal?.throwIfAborted();
      await manifest.add(entry);
    }
    return await manifest.end();
  } finally {
    await manifest.abort();
  }
}

/** Writes a text to a file that appears in one step. A link to the file stays a link. */
async function writeText(
  path: string,
  text: AsyncIterable<string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const temporary = temporaryPath(target);
  try {
    const file = await open(temporary, 'wx');
    try {
      for await (const piece of inLargePieces(text)) {
        signal?.throwIfAborted();
        await file.writeFile(piece);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    signal?.throwIfAborted();
    throw fileSystemError('Cannot write', path, cause);
  }
}

const pieceLength = 64 * 1024;

async function* inLargePieces(text: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of text) {
    piece += line;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
