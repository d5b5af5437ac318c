import { readFile } from 'node:fs/promises';
import { openapiOverlay, resolveJsonPathValue } from 'openapi-format';
import type { OpenAPIOverlayAction } from 'openapi-format';
import { parse } from 'yaml';
import type { Description } from './description.js';

export interface Overlay {
  overlay: string;
  info: { title: string; version: string };
  actions: OpenAPIOverlayAction[];
}

interface OverlayResult {
  data: Description;
  resultData: { totalUnusedActions: number };
}

export async function readOverlay(file: URL): Promise<Overlay> {
  return parse(await readFile(file, 'utf8')) as Overlay;
}

/**
 * Applies the overlay to a copy of the description. Every action must have a reason, match something and change something: one that no
 * longer does describes an API that has moved on, and is to be looked at and deleted.
 */
export async function applyOverlay(
  description: Description,
  overlay: Overlay,
): Promise<Description> {
  let current = structuredClone(description);
  const useless: string[] = [];
  for (const [index, action] of overlay.actions.entries()) {
    const before = textAt(current, action.target);
    const { data, resultData } = (await openapiOverlay(current, {
      overlaySet: { ...overlay, actions: [action] },
    })) as OverlayResult;
    const effective = resultData.totalUnusedActions === 0 && textAt(data, action.target) !== before;
    if (!effective || !action.description) useless.push(`#${index + 1} ${action.target}`);
    current = data;
  }
  if (useless.length > 0) {
    throw new Error(
      `Actions of the overlay that match or change nothing, or give no reason: ${useless.join('; ')}`,
    );
  }
  return current;
}

function textAt(description: Description, target: string): string {
  return JSON.stringify(resolveJsonPathValue({ ...description }, target));
}
