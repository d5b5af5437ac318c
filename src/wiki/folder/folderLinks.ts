import { posix } from 'node:path';
import type { OwnerId } from '../wikiOwner.js';
import { rewriteMarkdown } from '../rewriteMarkdown.js';
import { outsideCode } from './outsideCode.js';

/** The target of a link in Markdown: `](target)` or `](target "title")`, with `!` before the text for an image. */
const link =
  /(!?)\[((?:[^[\]\n\\]|\\.){0,1000})\]\(<?([^()<>\s]{1,2000})>?( +"[^"\n]{0,1000}")?\)/g;

/** A link to a page on the website, as its editor writes it. */
const pageLink = /^#!Synapse:(syn\d+)\/wiki\/(\d+)$/;

/** A scheme (`https:`), an address without one, a heading of the same page, or a path from the root of a site. */
const elsewhere = /^(?:[a-z][a-z0-9+.-]*:|\/|#|\?)/i;

/** What links of a folder can lead to. */
export interface FolderTargets {
  /** The wiki to which the links lead. */
  owner: OwnerId;
  /** The id of the page of a file, if it has one. */
  pageOf: (file: string) => string | undefined;
  /** The name of the attachment of the page that a file is, if it is one. */
  attachmentOf: (file: string) => string | undefined;
}

/** Links between pages of a wiki become relative links between their files, as git hosts show them. */
export function toFolderLinks(
  text: string,
  file: string,
  { owner, fileOf }: { owner: OwnerId; fileOf: (pageId: string) => string | undefined },
): string {
  if (owner.kind !== 'Entity') return text;
  return changeLinks(text, ({ image, target }) => {
    const [, entity, page = ''] = pageLink.exec(target) ?? [];
    const other = entity === owner.id && !image ? fileOf(page) : undefined;
    return other === undefined ? undefined : { target: relativeTo(file, other) };
  });
}

/** Relative links between files become links of the wiki; images and other files of the page become its attachments. */
export function toWikiLinks(text: string, file: string, targets: FolderTargets): string {
  const { owner, pageOf, attachmentOf } = targets;
  return changeLinks(text, ({ image, label, target }) => {
    const path = resolveLink(file, target);
    if (path === undefined) return undefined;
    const page = pageOf(path);
    if (page !== undefined && !image) {
      if (owner.kind !== 'Entity') return undefined;
      return { target: `#!Synapse:${owner.id}/wiki/${page}` };
    }
    const name = attachmentOf(path);
    if (name === undefined) return undefined;
    return { whole: image ? imageWidget(name, label) : attachmentWidget(name) };
  });
}

/** The files of the folder to which a text links, by paths in the folder, and the links that lead out of it. */
export function linkedFiles(text: string, file: string): { linked: string[]; outside: string[] } {
  const linked: string[] = [];
  const outside: string[] = [];
  changeLinks(text, ({ target }) => {
    const path = resolveLink(file, target);
    if (path !== undefined) linked.push(path);
    else if (!elsewhere.test(target)) outside.push(target);
    return undefined;
  });
  return { linked: [...new Set(linked)], outside: [...new Set(outside)] };
}

/** Ids of the wiki that the folder came from become those of the wiki that it goes to. Other ids stay. */
export function toPagesOf(
  text: string,
  { from, to }: { from: OwnerId; to: OwnerId },
  pages: Pick<ReadonlyMap<string, string>, 'get'>,
): string {
  if (from.kind !== 'Entity' || to.kind !== 'Entity') return text;
  const owner = { from: from.id, to: to.id, pagesOnly: true };
  const absolute = rewriteMarkdown(text, { owner, pages });
  return changeLinks(absolute, ({ target }) => {
    const [, id = ''] = /^wiki\/(\d+)$/.exec(target) ?? [];
    const page = pages.get(id);
    return page === undefined ? undefined : { target: `wiki/${page}` };
  });
}

/** What a link becomes: another target, or a whole other text. */
type Change = { target: string } | { whole: string } | undefined;

/** Images come first, as a link can be around one. */
function changeLinks(
  text: string,
  change: (found: { image: boolean; label: string; target: string }) => Change,
): string {
  return [true, false].reduce(
    (changed, image) =>
      outsideCode(changed, (piece) =>
        piece.replace(link, (all: string, mark: string, label: string, target: string) => {
          const isOther = (mark === '!') !== image;
          return isOther ? all : changeOne(all, { mark, label, target }, change);
        }),
      ),
    text,
  );
}

function changeOne(
  all: string,
  { mark, label, target }: { mark: string; label: string; target: string },
  change: (found: { image: boolean; label: string; target: string }) => Change,
): string {
  const changed = change({ image: mark === '!', label, target });
  if (changed === undefined) return all;
  if ('whole' in changed) return changed.whole;
  const start = mark.length + label.length + '[]('.length;
  return all.slice(0, start) + all.slice(start).replace(target, () => changed.target);
}

/** @returns The path in the folder that a relative link means; `undefined` for other links, and for those that lead out of it. */
function resolveLink(file: string, target: string): string | undefined {
  if (elsewhere.test(target)) return undefined;
  const [path = ''] = target.split(/[?#]/, 1);
  const plain = decoded(path);
  if (plain === undefined || plain === '' || plain.includes('\0')) return undefined;
  const resolved = posix.normalize(posix.join(posix.dirname(file), plain));
  return resolved === '..' || resolved.startsWith('../') ? undefined : resolved;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function relativeTo(file: string, other: string): string {
  const path = posix.relative(posix.dirname(file), other);
  return path.split('/').map(encodePart).join('/');
}

/** Also what is special in the target of a link in Markdown. */
function encodePart(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*~]/g, percent);
}

/** A widget of the website that shows an attached image. */
function imageWidget(name: string, alternative: string): string {
  const text = alternative === '' ? '' : `&altText=${widgetValue(alternative)}`;
  return `\${image?fileName=${widgetValue(name)}&align=None&scale=100&responsive=true${text}}`;
}

/** A widget of the website that offers an attachment. */
function attachmentWidget(name: string): string {
  return `\${previewattachment?fileName=${widgetValue(name)}}`;
}

function widgetValue(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*~._]/g, percent);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
