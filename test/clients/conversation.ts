/** What stands in the file that a tool reads. */
export const noteSecret = 'plum-4711';

/** An image of one red pixel. */
export const image = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);

/** What a prompt says that is to be answered by a call of a tool that reads a file. */
export const readRequest = 'Use your tool to read';

/** Whether a request of any protocol has an image in it. Tools may shrink it, so that its bytes are not compared. */
export function hasImage(body: string): boolean {
  return /"media_type":\s*"image\/|"mimeType":\s*"image\/|data:image\/\w+;base64,[\w+/]{40}/.test(body);
}

export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}
