import type { GatewayLock } from '../../src/gateway/election/gateway-election.ts';

/** The lock of all the windows of a test. */
export class TestLock {
  #owner: string | undefined;
  broken = false;
  /** How often each window has asked for the lock, with or without success. */
  readonly tries = new Map<string, number>();

  of(owner: string): GatewayLock {
    return {
      take: () => {
        this.tries.set(owner, (this.tries.get(owner) ?? 0) + 1);
        if (this.broken) return Promise.reject(new Error('the disk is full'));
        this.#owner ??= owner;
        return Promise.resolve(this.#owner === owner);
      },
      free: () => {
        if (this.#owner === owner) this.#owner = undefined;
      },
    };
  }

  giveTo(owner: string): void {
    this.#owner = owner;
  }
}
