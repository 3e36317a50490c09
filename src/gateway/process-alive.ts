/** Whether there is still a process with this number. */
export function isAlive(process: number): boolean {
  try {
    // Signal 0 is only asked for; https://man7.org/linux/man-pages/man2/kill.2.html
    globalThis.process.kill(process, 0);
    return true;
  } catch (error) {
    // Somebody else's, which is alive all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
