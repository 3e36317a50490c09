import { plain, sendingsOf, type Variant } from './answer-bytes.ts';
import type { CorpusAnswer, CorpusCase } from './case-format.ts';
import { isReadAsSent, readAnswer } from './read-cut.ts';

const lineBreaks = ['\n', '\r', '\r\n'] as const;

/** Larger answers are cut at random positions. */
const smallBytes = 4_096;
const randomCuts = 200;

/** How many cuts with other line breaks share one play of the whole. The reader of answers gets each of them. */
const cutsPerPlay = 16;

/** Every way to cut the case's answers once, with each line break that makes them differ. */
export function everyCut({ answers }: CorpusCase): Variant[] {
  const seen = new Set<string>();
  return lineBreaks.flatMap((lineBreak) => {
    const bodies = answers.map((answer) => bytesOf(answer, lineBreak));
    const text = bodies.map((body) => body.toString('latin1')).join('\0');
    if (seen.has(text)) return [];
    seen.add(text);
    const size = Math.max(...bodies.map((body) => body.length));
    const cuts =
      size < smallBytes
        ? Array.from({ length: size }, (_, at) => at + 1)
        : Array.from({ length: randomCuts }, () => 1 + Math.floor(Math.random() * size));
    return cuts.map((cut) => ({ lineBreak, cut }));
  });
}

/** The cuts to play through guard and gateway: each one with LF, and some with another line break. */
export function cutsToPlay(wanted: CorpusCase): Variant[] {
  const isRead = wanted.answers.every(isReadAsSent);
  return everyCut(wanted).filter(
    ({ lineBreak }, index) => !isRead || lineBreak === '\n' || index % cutsPerPlay === 0,
  );
}

/** The cuts with which the reader of answers makes something else of an answer than without. */
export function cutsReadOtherwise(wanted: CorpusCase): {
  readonly readings: number;
  readonly found: string[];
} {
  const cuts = everyCut(wanted);
  const found: string[] = [];
  let readings = 0;
  for (const door of wanted.doors) {
    for (const answer of wanted.answers.filter(isReadAsSent)) {
      for (const lineBreak of lineBreaks) {
        const uncut = readAnswer(wanted, answer, door, { ...plain, lineBreak });
        for (const cut of cuts) {
          if (cut.lineBreak !== lineBreak) continue;
          readings += 1;
          const read = readAnswer(wanted, answer, door, cut);
          if (read !== uncut) found.push(`${describeCut(door, cut)}: read as ${read}, and uncut as ${uncut}`);
        }
      }
    }
  }
  return { readings, found };
}

export function describeCut(door: string, { cut, lineBreak }: Variant): string {
  return `${door}, cut at ${cut} with ${JSON.stringify(lineBreak)}`;
}

/** What is sent, without the silences. */
function bytesOf(answer: CorpusAnswer, lineBreak: Variant['lineBreak']): Buffer {
  const sent = sendingsOf(answer, { lineBreak, cut: 'pieces' });
  return Buffer.concat(sent.filter((sending) => Buffer.isBuffer(sending)));
}
