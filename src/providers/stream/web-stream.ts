/** The body of an answer, as its one reader sees it. */
export interface BodyReader {
  /** The next bytes, once they have arrived; undefined at the end. Must not be called again before it resolves. */
  read(): Promise<Uint8Array | undefined>;
  /** The reader does not want the rest. */
  cancel(): void;
}

/** The body as a web stream. */
export function webStreamOf(body: BodyReader): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const chunk = await body.read();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    cancel: () => {
      body.cancel();
    },
  });
}
