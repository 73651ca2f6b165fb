/** Markdown to a tree. No HTML comes out of it: what looks like HTML stays text. */

import type { Nodes, Parents, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';

export type MarkdownNode = Nodes;

export function parseMarkdown(text: string): Root {
  return fromMarkdown(text, {
    extensions: [gfmTable()],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
}

const FENCE = /^ {0,3}(```|~~~)/;
/** A line that may belong to the block before the blank line: indented, or one more list item. */
const GOES_ON = /^(\s|[-*+]\s|[-*+]$|\d{1,9}[.)](\s|$))/;

/**
 * Returns the text in pieces that can be parsed each by itself. While a text streams in only its
 * last piece changes, so that a long answer costs no more a token than a short one.
 */
export function sections(text: string): readonly string[] {
  const found: string[][] = [[]];
  let fence: string | null = null;
  let afterBlank = false;
  for (const line of text.split('\n')) {
    const mark = FENCE.exec(line)?.[1] ?? null;
    if (afterBlank && fence === null && line !== '' && !GOES_ON.test(line)) found.push([]);
    if (mark !== null && (fence === null || fence === mark)) fence = fence === null ? mark : null;
    found.at(-1)?.push(line);
    afterBlank = line.trim() === '';
  }
  return found.map((lines) => lines.join('\n'));
}

const SAFE_LINK = /^(https?:|mailto:)/i;

/** Returns the address where it is one that may be followed, else null. */
export function safeLink(url: string): string | null {
  return SAFE_LINK.test(url) ? url : null;
}

/** Returns the words alone, for reading aloud. */
export function plainText(node: Nodes): string {
  if ('value' in node) return node.value;
  if (!('children' in node)) return 'alt' in node ? (node.alt ?? '') : ' ';
  const inner = (node as Parents).children.map(plainText);
  return inner.join(isBlock(node) ? ' ' : '');
}

function isBlock(node: Nodes): boolean {
  return ['root', 'list', 'listItem', 'blockquote', 'table', 'tableRow'].includes(node.type);
}
