/** Whose conversation this tab holds: kept over a reload, and left alone when another tab has it. */

import type { Entrance } from '../socket/link';
import type { Memory } from '../state/address';
import { addressOf, isOwn, writeAddress } from '../state/address';
import type { Conversation, Position } from '../state/conversation';
import type { Surroundings } from './surroundings';

export type Found = 'own' | 'none' | 'in another tab';

export class Keeper {
  readonly #around: Surroundings;
  #memory: Memory | null = null;
  #claimed: string | null = null;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Looks for a conversation of this tab's own that the address asks for. */
  async find(): Promise<Found> {
    const memory = this.#around.remembered();
    if (!memory || !isOwn(memory, this.#around.address())) return 'none';
    if (!(await this.#claim(memory.token))) return 'in another tab';
    this.#memory = memory;
    return 'own';
  }

  get holds(): boolean {
    return this.#memory !== null;
  }

  /** Writes down, in the address and in the tab's memory, where the conversation is. */
  keep(conversation: Conversation): void {
    const address = addressOf(conversation);
    const token = conversation.session?.token;
    if (!address || !token) return;
    const memory = { address, token };
    if (JSON.stringify(memory) === JSON.stringify(this.#memory)) return;
    this.#memory = memory;
    this.#around.remember(memory);
    this.#around.showAddress(address);
    void this.#claim(token);
  }

  forget(): void {
    this.#memory = null;
    this.#around.remember(null);
  }

  /** Returns how to come in: back into what is held, or anew at the address. */
  entrance({ epoch, offset }: Position): Entrance {
    const memory = this.#memory;
    if (!memory) return { url: writeAddress(this.#around.address()), first: null };
    const query = new URLSearchParams({ session_id: memory.address.session_id ?? '', resume: '1' });
    return {
      url: query.toString(),
      first: { type: 'session.resume', token: memory.token, epoch, offset },
    };
  }

  async #claim(token: string): Promise<boolean> {
    if (this.#claimed === token) return true;
    const mine = await this.#around.claim(token);
    if (mine) this.#claimed = token;
    return mine;
  }
}
