import type { Sender } from '../../guard/sender-port.ts';
import type { SenderOptions } from './sender.ts';

/** The sender, and with it the wire, loaded with the first attempt: nobody calls a provider at activation. */
export function createLazySender(options: SenderOptions): Sender {
  let loading: Promise<Sender> | undefined;
  return {
    send: async function* (attempt) {
      loading ??= import('./sender.ts').then(({ createSender }) => createSender(options));
      return yield* (await loading).send(attempt);
    },
  };
}
