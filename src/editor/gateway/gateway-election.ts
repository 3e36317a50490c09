import type { Guard } from '../../guard/guard.ts';
import { defaultGatewayOptions, Gateway } from '../../gateway/gateway.ts';
import { ledgerTokens } from '../../gateway/ledger-tokens.ts';
import { SharedGateway, type GatewayRole } from '../../gateway/shared-gateway.ts';
import { describeStartProblem, storedProblem } from '../../gateway/start-problem.ts';
import { TokenBook } from '../../gateway/tokens.ts';
import { ProcessLock } from '../../ledger/db/process-lock.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { english } from '../../shared/l10n.ts';
import type { CommandContext } from '../command.ts';
import type { GatewayPart } from './gateway-switch.ts';
import { createManagement } from './editor-management.ts';
import { Reporter } from './gateway-reporter.ts';
import { notifyGatewayProblem } from './notify-gateway-problem.ts';
import { isAlive } from './process-alive.ts';

export interface TakingPart extends Pick<CommandContext, 'ledger' | 'settings' | 'vault' | 'clock' | 'log'> {
  /** Of calls that belong to no workspace. */
  readonly guard: Pick<Guard, 'run'>;
  /** Of all windows. */
  readonly lockFile: string;
}

/** A port may be let go of a moment after the lock; what lasts longer is a problem that a person hears of. */
const problemAfterMs = 1_000;

/** Serves the gateway on this port, or stands by to take it over, and keeps the ledger told of which. */
export async function takePart(context: TakingPart, port: number): Promise<GatewayPart> {
  const store = await context.ledger;
  const { guard, settings, clock, log } = context;
  const tokens = new TokenBook(ledgerTokens(store), clock);
  await tokens.revokeOrphans(isAlive);
  const onTrouble = (error: unknown) => {
    log.error('The gateway reported an error.', error);
  };
  const ports = {
    guard,
    settings: () => settings.outside,
    tokens,
    management: createManagement(context),
    clock,
    onTrouble,
  };
  const shared = new SharedGateway({
    create: () => new Gateway(ports, { ...defaultGatewayOptions, port }),
    lock: new ProcessLock(context.lockFile),
    clock,
    onTrouble,
  });
  const reporter = new Reporter(store, onTrouble);
  let patience: Disposable | undefined;
  const follow = (role: GatewayRole) => {
    report(role, log);
    patience?.dispose();
    if (role.kind !== 'failing') {
      reporter.publish(role.kind === 'serving' ? role : undefined);
      return;
    }
    patience = clock.after(problemAfterMs, () => {
      reporter.publish({ kind: 'failing', problem: storedProblem(role.problem) });
      notifyGatewayProblem(role.problem).catch(onTrouble);
    });
  };
  const subscription = shared.onDidChange(follow);
  return {
    update: () => {
      reporter.check();
    },
    stop: async () => {
      await shared.stop();
      subscription.dispose();
      patience?.dispose();
      await reporter.settled;
    },
  };
}

function report(role: GatewayRole, log: CommandContext['log']): void {
  switch (role.kind) {
    case 'serving':
      log.info(`Gateway: this window is serving on port ${role.port}.`);
      break;
    case 'standingBy':
      log.info('Gateway: this window is standing by.');
      break;
    case 'failing':
      log.info(`Gateway: ${describeStartProblem(role.problem, english)}`);
      break;
  }
}
