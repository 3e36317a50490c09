import type { Prompt } from '../../guard/call.ts';
import { isObject } from '../../shared/json.ts';
import type { L10n } from '../../shared/l10n.ts';

type Effort = NonNullable<Prompt['reasoning']>;

const efforts: ReadonlySet<unknown> = new Set<Effort>([
  ...(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const),
]);

/** Where VS Code has what the user chose for a model. Its typings do not have it. */
const chosenName = 'reasoningEffort';
/** How other extensions write it in the options of a request. */
const optionNames = [chosenName, 'reasoning_effort'] as const;

/** Lets the user choose in VS Code's model picker how hard the model thinks. VS Code sends the default, too. */
export function effortSchema(l10n: L10n): object {
  return {
    properties: {
      [chosenName]: {
        type: 'string',
        title: l10n.t('Thinking Effort'),
        enum: ['default', 'low', 'medium', 'high'],
        enumItemLabels: [l10n.t('Default'), l10n.t('Low'), l10n.t('Medium'), l10n.t('High')],
        default: 'default',
        group: 'navigation',
      },
    },
  };
}

/** How hard the model is to think: what the request says, else what the user chose; undefined for the model's default. */
export function effortIn(request: object): Effort | undefined {
  const { modelOptions, modelConfiguration } = request as Readonly<Record<string, unknown>>;
  const asked = isObject(modelOptions) ? optionNames.map((name) => modelOptions[name]) : [];
  const chosen = isObject(modelConfiguration) ? modelConfiguration[chosenName] : undefined;
  return [...asked, chosen].find(isEffort);
}

function isEffort(value: unknown): value is Effort {
  return efforts.has(value);
}
