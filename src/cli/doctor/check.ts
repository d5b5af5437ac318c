import type { Subject } from './subject.js';

/** `skipped`: what it needs is missing, and another check says so. */
export type Level = 'ok' | 'note' | 'problem' | 'skipped';

/** What a check found out. */
export interface Finding {
  level: Level;
  message: string;
  /** What to do next. */
  advice?: string;
  /** Values for scripts. They are never secret. */
  details?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** One thing that `synapse doctor` examines, independently of the others. */
export interface Check {
  /** For `--json`. It does not change. */
  name: string;
  title: string;
  /** Milliseconds. @default 10000 */
  timeout?: number;
  /** What to say when it does not end. @default 'No answer within N s.' */
  onTimeout?: Finding;
  run(subject: Subject, signal: AbortSignal): Promise<readonly Finding[]> | readonly Finding[];
}

export function ok(message: string, details?: Finding['details']): Finding {
  return { level: 'ok', message, ...(details && { details }) };
}

export function note(message: string, advice: string, details?: Finding['details']): Finding {
  return { level: 'note', message, advice, ...(details && { details }) };
}

export function problem(message: string, advice: string, details?: Finding['details']): Finding {
  return { level: 'problem', message, advice, ...(details && { details }) };
}

export function skipped(message: string): Finding {
  return { level: 'skipped', message };
}
