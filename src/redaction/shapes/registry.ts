import type { Shape } from '../shape.ts';
import { cloudKeys } from './cloud-keys.ts';
import { codeKeys } from './code-keys.ts';
import { modelKeys } from './model-keys.ts';
import { privateKeys } from './private-keys.ts';
import { serviceKeys } from './service-keys.ts';

/** The kinds of secret that the log and the prompt check know by their looks, in the order of the documentation. */
export const shapes: readonly Shape[] = [
  ...modelKeys,
  ...cloudKeys,
  ...codeKeys,
  ...serviceKeys,
  ...privateKeys,
];
