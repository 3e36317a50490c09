import type { Shape } from './shape.ts';
import { cloudKeys } from './shapes/cloud-keys.ts';
import { codeKeys } from './shapes/code-keys.ts';
import { modelKeys } from './shapes/model-keys.ts';
import { privateKeys } from './shapes/private-keys.ts';
import { serviceKeys } from './shapes/service-keys.ts';

/** The kinds of secret that the log and the prompt check know by their looks, in the order of the documentation. */
export const shapes: readonly Shape[] = [
  ...modelKeys,
  ...cloudKeys,
  ...codeKeys,
  ...serviceKeys,
  ...privateKeys,
];
