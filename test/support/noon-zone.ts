/** A zone in which it is noon, so that no day ends while the tests run. Its day is the one of UTC. */
export function noonZoneAt(nowMs: number): string {
  const ahead = 12 - new Date(nowMs).getUTCHours();
  // The signs of these names are turned round: Etc/GMT-5 is five hours ahead.
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/** The same for all that this process starts, however late. */
export const noonZone = noonZoneAt(Date.now());
