import Mocha from 'mocha';

const reasons = new WeakMap<Mocha.Runnable | Mocha.Suite, string>();

/** Skips the running test, or from a hook all of its suite, and says why. A skip without a reason counts as failed. */
export function skipBecause(context: Mocha.Context, reason: string): never {
  const running = context.runnable();
  reasons.set(running instanceof Mocha.Test ? running : (running.parent ?? running), reason);
  return context.skip();
}

export function skipReason(test: Mocha.Runnable): string | undefined {
  for (let owner: Mocha.Runnable | Mocha.Suite | undefined = test; owner; owner = owner.parent) {
    const reason = reasons.get(owner);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
