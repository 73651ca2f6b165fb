/** The conversation on this page: socket, state and outbox brought together for the view. */

import type { LinkStatus } from '../socket/link';
import { Link } from '../socket/link';
import { announcementOf } from '../state/announce';
import type { Conversation, Verdict } from '../state/conversation';
import { NOTHING_YET, runningReply } from '../state/conversation';
import type { Outbox, Request } from '../state/outbox';
import { lines, post, settle, unsaid } from '../state/outbox';
import { addNotice, dropNotice, receive } from '../state/receive';
import type { ModePage, ServerFrame } from '../wire/frames.gen';
import { CLOSE_CODES } from '../wire/frames.gen';
import type { UnknownFrame } from '../wire/parse';
import { Keeper } from './keeper';
import { fetchModes } from './links';
import type { Surroundings } from './surroundings';

const STARTED_ANEW =
  'The server no longer has the earlier conversation. Here is the same customer again, with a new one.';
const OTHER_TAB =
  'This conversation is open in another tab, so a new one begins here, with the same customer.';

export class Chat {
  conversation = $state.raw<Conversation>(NOTHING_YET);
  outbox = $state.raw<Outbox>([]);
  status = $state.raw<LinkStatus>({ phase: 'connecting', again: false });
  pages = $state.raw<Readonly<Record<string, ModePage>>>({});
  draft = $state('');
  announcement = $state('');

  readonly lines = $derived(lines(this.conversation.room?.entries ?? [], this.outbox));
  readonly running = $derived(runningReply(this.conversation));
  readonly room = $derived(this.conversation.room);
  readonly session = $derived(this.conversation.session);
  readonly page = $derived(this.room ? (this.pages[this.room.mode] ?? null) : null);
  /** the mode that was asked for and has not come yet */
  readonly wantedMode = $derived(
    this.outbox
      .flatMap(({ request }) => (request.type === 'mode.switch' ? [request.mode] : []))
      .at(-1) ?? null,
  );

  readonly #around: Surroundings;
  readonly #keeper: Keeper;
  readonly #link: Link;
  /** ahead of `conversation` by what has come since the last picture */
  #now: Conversation = NOTHING_YET;
  #drawing = false;
  #loading = false;
  #stopWanted: string | null = null;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#keeper = new Keeper(around);
    this.#link = new Link({
      open: around.open,
      clock: around.clock,
      chance: around.chance,
      entrance: () => this.#keeper.entrance(this.#now.position),
      onFrame: (frame) => this.#take(frame),
      onStatus: (status) => this.#become(status),
    });
  }

  /** Comes back to the tab's own conversation, or begins the one that the address asks for. */
  async begin(): Promise<void> {
    if ((await this.#keeper.find()) === 'in another tab') {
      this.#change((before) => addNotice(before, { tone: 'info', code: null, text: OTHER_TAB }));
    }
    this.#link.start();
  }

  end(): void {
    this.#link.stop();
  }

  wake(): void {
    this.#link.wake();
    if (!this.page) void this.#loadPages();
  }

  reconnect(): void {
    this.#link.start();
  }

  /** Leaves address and memory behind: whoever walks in next. */
  beginWithAnybody(): void {
    this.#around.showAddress({});
    this.#forget();
    this.#link.start();
  }

  /** Returns whether the text was taken; it is not while a reply runs. */
  say(text: string): boolean {
    if (this.running || !this.#fits(text)) return false;
    this.#ask({ type: 'user.message', id: this.#around.newId(), text: text.toWellFormed() });
    return true;
  }

  edit(of: string, text: string): boolean {
    if (!this.#fits(text)) return false;
    this.#ask({ type: 'message.edit', of, id: this.#around.newId(), text: text.toWellFormed() });
    return true;
  }

  retry(): void {
    if (this.running || this.#isAsked('reply.retry')) return;
    this.#ask({ type: 'reply.retry', id: this.#around.newId() });
  }

  stop(): void {
    if (this.running && !this.#link.send({ type: 'reply.stop' })) {
      this.#stopWanted = this.running.replyId;
    }
  }

  switchTo(mode: string): void {
    if (mode === (this.wantedMode ?? this.room?.mode)) return;
    this.#ask({ type: 'mode.switch', id: this.#around.newId(), mode });
  }

  next(): void {
    if (this.#isAsked('customer.next')) return;
    this.#ask({ type: 'customer.next', id: this.#around.newId() });
  }

  judge(replyId: string, value: Verdict): void {
    this.#link.send({ type: 'feedback.give', reply_id: replyId, value });
  }

  sendAgain(id: string): void {
    const held = this.outbox.find(({ request }) => request.id === id);
    if (held) this.#ask(held.request);
  }

  dismiss(key: number): void {
    this.#change((before) => dropNotice(before, key));
  }

  #fits(text: string): boolean {
    if (text.trim() === '') return false;
    const most = this.session?.limits.max_text ?? Infinity;
    const length = Array.from(text).length;
    if (length <= most) return true;
    const sentence = `A message may have ${most} characters; this one has ${length}.`;
    this.#change((before) => addNotice(before, { tone: 'problem', code: null, text: sentence }));
    return false;
  }

  /** A second click while the first is on its way means the same thing. */
  #isAsked(type: Request['type']): boolean {
    return this.outbox.some(({ request }) => request.type === type);
  }

  #ask(request: Request): void {
    this.outbox = post(this.outbox, request);
    this.#link.send(request);
  }

  #take(frame: ServerFrame | UnknownFrame): void {
    const before = this.#now;
    this.#now = receive(before, frame);
    const { outbox, refused } = settle(this.outbox, frame);
    this.outbox = outbox;
    if (refused && 'text' in refused) this.#giveBack([refused.text]);
    if (frame.type === 'session.ready') this.#ready();
    if (this.#now.room !== before.room && frame.type !== 'reply.delta')
      this.#keeper.keep(this.#now);
    this.announcement = announcementOf(before, this.#now, frame) ?? this.announcement;
    this.#draw(frame.type === 'reply.delta');
    if (this.#now.torn) this.#link.restart();
  }

  #ready(): void {
    this.#keeper.keep(this.#now);
    void this.#loadPages();
    this.outbox = this.outbox.map(({ request }) => ({ request, held: false }));
    for (const { request } of this.outbox) this.#link.send(request);
    const running = runningReply(this.#now);
    if (running && running.replyId === this.#stopWanted) this.#link.send({ type: 'reply.stop' });
    this.#stopWanted = null;
  }

  #become(status: LinkStatus): void {
    this.status = status;
    if (status.phase !== 'stopped' || status.code !== CLOSE_CODES.BAD_TOKEN || !this.#keeper.holds)
      return;
    this.#forget();
    this.#change((before) => addNotice(before, { tone: 'info', code: null, text: STARTED_ANEW }));
    this.#link.start();
  }

  #forget(): void {
    this.#giveBack(unsaid(this.outbox));
    this.outbox = [];
    this.#keeper.forget();
    this.#change(() => NOTHING_YET);
  }

  #giveBack(texts: readonly string[]): void {
    this.draft = [...texts, this.draft].filter((text) => text !== '').join('\n\n');
  }

  #change(change: (before: Conversation) => Conversation): void {
    this.#now = change(this.#now);
    this.#draw(false);
  }

  #draw(mayWait: boolean): void {
    if (!mayWait) {
      this.conversation = this.#now;
      return;
    }
    if (this.#drawing) return;
    this.#drawing = true;
    this.#around.beforePaint(() => {
      this.#drawing = false;
      this.conversation = this.#now;
    });
  }

  async #loadPages(): Promise<void> {
    if (this.#loading || (this.#now.room && this.pages[this.#now.room.mode])) return;
    this.#loading = true;
    try {
      this.pages = await fetchModes(this.#around.fetch);
    } catch {
      // the conversation goes on without the card's figures; the next waking asks again
    } finally {
      this.#loading = false;
    }
  }
}
