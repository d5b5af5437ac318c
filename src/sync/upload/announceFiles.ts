import type { CommonOptions, Progress } from '../../options.js';
import type { PlanData } from '../plan/planData.js';
import type { UploadItem } from './uploadItem.js';
import type { UploadOutcome } from './uploadRun.js';

/** The progress of the files of a plan. */
export interface AnnouncedFiles {
  onProgress: CommonOptions['onProgress'];
  /** Reports how a file ended, unless its transfer already has. */
  end: (outcome: UploadOutcome) => void;
}

/**
 * Reports all files as waiting before the first upload starts, so that the total is known, and reports how each ends. What
 * cannot be stored has ended already.
 */
export function announceFiles(
  { items, problems }: PlanData<UploadItem>,
  report: CommonOptions['onProgress'],
): AnnouncedFiles {
  if (report === undefined) return { onProgress: undefined, end: () => undefined };
  const open = new Set<string>();
  const tell = (path: string, rest: Pick<Progress, 'state' | 'message' | 'totalBytes'>): void =>
    report({ kind: 'upload', path, transferredBytes: 0, ...rest });
  for (const { path, message } of problems) tell(path, { state: 'error', message });
  for (const { localPath, size } of items) {
    // Folders have no size, and what is only in Synapse no path.
    if (localPath === undefined || size === undefined) continue;
    open.add(localPath);
    tell(localPath, { state: 'waiting', totalBytes: size });
  }
  return {
    onProgress: (progress) => {
      const { kind, path, state } = progress;
      if (kind === 'upload' && ends.has(state)) open.delete(path);
      report(progress);
    },
    end: (outcome) => {
      const { localPath = '' } = outcome.item;
      if (!open.delete(localPath)) return;
      const [state, message] =
        outcome.state === 'failed'
          ? (['error', outcome.error.message] as const)
          : (['skipped', 'the file has not changed'] as const);
      tell(localPath, { state, message });
    },
  };
}

const ends: ReadonlySet<Progress['state']> = new Set(['done', 'error', 'skipped']);
