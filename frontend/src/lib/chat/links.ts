/** The HTTP endpoints beside the socket, read with validation. */

import type { ModePage } from '../wire/frames.gen';
import { parseAs } from '../wire/parse';

export interface Prompt {
  readonly prompt_id: string;
  readonly text: string;
}

type Fetch = (path: string) => Promise<Response>;

/** Returns what the page shows of each mode, by id. */
export async function fetchModes(fetch: Fetch): Promise<Readonly<Record<string, ModePage>>> {
  const found = (await json(fetch, '/api/modes')) as readonly unknown[];
  const pages = found.map((mode) => parseAs<ModePage>('ModePage', mode));
  return Object.fromEntries(pages.map((page) => [page.id, page]));
}

export async function fetchPrompt(fetch: Fetch, promptId: string): Promise<Prompt> {
  const found = (await json(fetch, `/api/prompts/${encodeURIComponent(promptId)}`)) as Prompt;
  if (typeof found.text !== 'string') throw new Error('The server sent no prompt.');
  return found;
}

async function json(fetch: Fetch, path: string): Promise<unknown> {
  const response = await fetch(path);
  if (response.ok) return response.json();
  const detail: unknown = await response.json().catch(() => null);
  throw new Error(sentence(detail) ?? `The server answered ${response.status}.`);
}

function sentence(body: unknown): string | null {
  const detail = (body as { detail?: unknown } | null)?.detail;
  return typeof detail === 'string' ? detail : null;
}
