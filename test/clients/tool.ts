import type { ToolCall } from './conversation.ts';

export type ClientProtocol = 'chat' | 'messages' | 'responses' | 'gemini';

export interface Task {
  /** The address of the gateway, without a version. */
  readonly origin: string;
  readonly token: string;
  readonly model: string;
  readonly prompt: string;
  /** A file that goes with the prompt. */
  readonly image?: string;
  /** The folder that the tool works in. */
  readonly cwd: string;
  readonly home: string;
}

export interface Invocation {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Settings of the tool, by their paths. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A tool as its users run it without a terminal. */
export interface Tool {
  readonly id: string;
  readonly label: string;
  readonly protocol: ClientProtocol;
  /** The program in `node_modules/.bin`; undefined for a script of Node.js. */
  readonly bin: string | undefined;
  invoke(task: Task): Invocation;
  /** The call by which its model reads a text file. */
  read(file: string): ToolCall;
  /** How it gets an image: with the prompt, or by the tool that reads files. */
  readonly images: 'prompt' | 'read' | 'none';
  /** A model that it knows to take images, if it sends them to no other. */
  readonly imageModel?: string;
}
