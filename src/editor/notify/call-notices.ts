import type { CallResult } from '../../guard/call-state.ts';
import { ReportedTroubles, troubleOf } from '../../observe/call-trouble.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { english } from '../../shared/l10n.ts';
import { actionAfter } from './call-actions.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Log } from '../../shared/log.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { Notifier } from './notifier.ts';
import { commandAction } from './show-notice.ts';

interface NoticePorts {
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly log: Log;
}

/**
 * Notifies the user of what keeps calls from being answered, for front doors that cannot show a button: other
 * extensions and the gateway. Each trouble is reported once.
 */
export class CallNotices implements Disposable {
  readonly #ports: NoticePorts;
  readonly #reported: ReportedTroubles;
  readonly #subscription: Disposable;

  constructor(ports: NoticePorts) {
    this.#ports = ports;
    this.#reported = new ReportedTroubles(ports.clock);
    this.#subscription = ports.vault.onDidChangeKeys((provider) => {
      this.#reported.keyChanged(provider);
    });
  }

  /** Call it with every result. It returns at once. */
  report(result: CallResult): void {
    this.#notify(result).catch((error: unknown) => {
      this.#ports.log.error('The notification about an unanswered call could not be shown.', error);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #notify(result: CallResult): Promise<void> {
    if (result.kind === 'done') this.#reported.answered(result.target.provider);
    const trouble = troubleOf(result);
    if (trouble === undefined) return;
    const { describeResult } = await import('../../guard/describe-result.ts');
    const problem = describeResult(result, this.#ports.clock.nowMs());
    if (problem === undefined) return;
    const action = await actionAfter(this.#ports, result);
    // In this case a header's secret was refused, not the provider's key.
    if (trouble.kind === 'key' && action === undefined) return;
    if (!this.#reported.isNews(trouble)) return;
    this.#ports.log.warn(`Notified the user: ${problem(english)}`);
    const actions =
      action === undefined ? [] : [commandAction(action.label, action.command, action.provider)];
    this.#ports.notifier.notify({ severity: 'error', text: problem, actions });
  }
}
