/** Whether a process with this id exists. */
export function isAlive(process: number): boolean {
  try {
    // Signal 0 only checks: https://man7.org/linux/man-pages/man2/kill.2.html
    globalThis.process.kill(process, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
