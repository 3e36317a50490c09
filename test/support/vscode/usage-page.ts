import type { Frame } from 'playwright-core';
import { until } from './until.ts';
import type { Window } from './window.ts';

/** The frame in which VS Code shows the usage panel's page, once it has numbers. */
export async function usagePage(window: Window): Promise<Frame> {
  const frames = await until(
    "the usage panel's page",
    async () => {
      const found = await Promise.all(
        window.page.frames().map(async (frame) => {
          // Frames come and go while VS Code sets a page up.
          const shown = await frame
            .locator('#panel .tiles, #panel .empty')
            .count()
            .catch(() => 0);
          return shown > 0 ? [frame] : [];
        }),
      );
      return found.flat();
    },
    ([frame]) => frame !== undefined,
  );
  const [frame] = frames;
  if (frame === undefined) throw new Error('unreachable');
  return frame;
}
