import type { Sender } from '../../guard/sender-port.ts';
import type { ProviderTarget } from '../rules/resolver.ts';
import type { SenderOptions } from './sender.ts';

/** The sender and the wire, loaded with the first attempt: activation calls no provider. */
export function createLazySender(options: SenderOptions): Sender<ProviderTarget> {
  let loading: Promise<Sender<ProviderTarget>> | undefined;
  return {
    send: async function* (attempt) {
      loading ??= import('./sender.ts').then(({ createSender }) => createSender(options));
      return yield* (await loading).send(attempt);
    },
  };
}
