import { plain } from './answer-bytes.ts';
import { askGateway, hasProtocol, type GatewayAddress } from './ask-gateway.ts';
import type { CorpusCase } from './case-format.ts';
import { differences } from './compare.ts';
import type { CorpusFile } from './corpus-files.ts';
import { startUpstream, type CorpusUpstream } from './upstream.ts';

/** Where a gateway answers, for each protocol that it has. */
export type Addresses = Readonly<Partial<Record<CorpusCase['dialect'], GatewayAddress>>>;

export interface Result {
  readonly name: string;
  readonly found: readonly string[];
}

/** How long a client waits on top of the silences that the case has. */
const patienceMs = 30_000;

const noAnswer = 'no answer';

/** Starts the server with the recorded answers, whose silences take real time. Port 0 takes any free one. */
export function startRealUpstream(port: number): Promise<CorpusUpstream> {
  return startUpstream(port, (ms) => new Promise((resolve) => setTimeout(resolve, ms)));
}

/**
 * Plays the cases through a gateway. Only what its client gets is compared.
 *
 * @param restart after a case that got no answer, so that a crash costs that case and not all that follow
 */
export async function playOther(
  files: readonly CorpusFile[],
  upstream: CorpusUpstream,
  addresses: Addresses,
  restart?: () => Promise<Addresses>,
): Promise<Result[]> {
  const results: Result[] = [];
  let current = addresses;
  for (const { content, name } of files.toSorted((a, b) => stateLeft(a) - stateLeft(b))) {
    const address = current[content.dialect];
    if (address === undefined) continue;
    upstream.play(content.answers, plain);
    const found = await ask(content, address);
    results.push({ name, found });
    if (restart !== undefined && found[0]?.startsWith(noAnswer) === true) current = await restart();
  }
  return results;
}

/** Whether the case can be played to any gateway. */
export function isForGateways({ content }: CorpusFile): boolean {
  return content.doors.includes('gateway') && hasProtocol(content);
}

async function ask(content: CorpusCase, address: GatewayAddress): Promise<string[]> {
  const signal = AbortSignal.timeout(silenceMs(content) + patienceMs);
  try {
    const seen = await askGateway(content, address, signal);
    const found = differences(forAnyGateway(content), seen, 'seen');
    return signal.aborted ? [...found, 'the answer did not end'] : found;
  } catch (failure) {
    // A gateway that breaks the connection, or is gone, fails this case and not the run.
    return [`${noAnswer}: ${failure instanceof Error ? failure.message : String(failure)}`];
  }
}

function silenceMs({ answers }: CorpusCase): number {
  const steps = answers.flatMap(({ body }) => body ?? []);
  const seconds = steps.map((step) =>
    typeof step === 'object' && 'pauseSeconds' in step ? step.pauseSeconds : 0,
  );
  return 1_000 * seconds.reduce((sum, each) => sum + each, 0);
}

/** A gateway may keep a pause, or stop calling a provider without credit: cases that lead to it come last. */
function stateLeft({ content }: CorpusFile): number {
  const { consequence } = content.expect.call ?? {};
  if (consequence === 'outOfCredit') return 2;
  return consequence === undefined || consequence === null ? 0 : 1;
}

/** What holds for every gateway. The code of an error is its own, and so are the bytes around the content. */
function forAnyGateway({ expect }: CorpusCase): object {
  const { sameBytes: _bytes, error, says: _says, ...seen } = { ...expect.seen, ...expect.atGateway };
  return error === null ? { ...seen, error } : seen;
}
