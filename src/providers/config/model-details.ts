import * as z from 'zod';
import { isSameModel } from '../../guard/model-name.ts';
import { plainFieldName } from '../../shared/fold-case.ts';
import { isObject } from '../../shared/json.ts';
import { placed, type Wording } from '../../shared/l10n.ts';
import { settingsLimits } from '../../shared/limits/settings-limits.ts';
import { issuesAt } from '../../shared/zod-issues.ts';
import { mayNameModel } from '../passthrough/model-field-names.ts';

/** What is known of a model, besides its price. */
export interface ModelTraits {
  /** The context window: input and output together. */
  readonly contextTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  /** Whether it can call tools. */
  readonly tools?: boolean | undefined;
  /** Whether it reads images. */
  readonly images?: boolean | undefined;
  /** Whether it thinks before it answers. */
  readonly reasoning?: boolean | undefined;
  /** Whether it answers prompts. False for a model of embeddings, images or speech. */
  readonly chats?: boolean | undefined;
}

/** What the settings say about one model. */
export interface ModelDetails extends ModelTraits {
  /** Members of the request's body, for Callguard's own prompts. Null leaves a member out. */
  readonly body?: Readonly<Record<string, z.core.util.JSONType>> | undefined;
}

const tokens = z.int().min(1).max(settingsLimits.tokens).optional();
const flag = z.boolean().optional();
const schema = z.strictObject({
  contextTokens: tokens,
  maxOutputTokens: tokens,
  tools: flag,
  images: flag,
  reasoning: flag,
  chats: flag,
  body: z.record(z.string(), z.json()).optional(),
});

export interface ParsedDetails {
  readonly details: Readonly<Record<string, ModelDetails>>;
  readonly problems: readonly Wording[];
}

/** Reads `models.details`. What is wrong in it is left out and reported, and breaks nothing else. */
export function parseDetails(value: unknown, place: string): ParsedDetails {
  if (value === undefined) return { details: {}, problems: [] };
  const problems: Wording[] = [];
  const details: Record<string, ModelDetails> = {};
  if (!isObject(value)) problems.push(placed(place, (l10n) => l10n.t('must be an object')));
  else {
    for (const [model, written] of Object.entries(value).slice(0, settingsLimits.models)) {
      const parsed = parseOne(written, `${place}.${model}`);
      problems.push(...parsed.problems);
      // A model may be called `__proto__`.
      Object.defineProperty(details, model, { value: parsed.details, enumerable: true });
    }
  }
  return { details, problems };
}

function parseOne(written: unknown, place: string): { details: ModelDetails; problems: readonly Wording[] } {
  const parsed = schema.safeParse(written);
  if (!parsed.success) {
    const problems = issuesAt(place, parsed.error);
    const wrong = new Set(
      parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys' ? issue.keys : issue.path.slice(0, 1),
      ),
    );
    if (!isObject(written) || wrong.size === 0) return { details: {}, problems };
    const rest = parseOne(
      Object.fromEntries(Object.entries(written).filter(([name]) => !wrong.has(name))),
      place,
    );
    return { details: rest.details, problems: [...problems, ...rest.problems] };
  }
  const { body, ...details } = parsed.data;
  if (body === undefined) return { details, problems: [] };
  const refused = Object.entries(body).filter(([name, member]) => refusedField(name, member) !== undefined);
  const problem: Wording = (l10n) =>
    l10n.t('cannot be set here: policy, caps, or the request itself depend on this field');
  return {
    details: {
      ...details,
      body: Object.fromEntries(
        Object.entries(body).filter(([name]) => refused.every(([wrong]) => wrong !== name)),
      ),
    },
    problems: refused.map(([name, member]) =>
      placed(`${place}.body.${refusedField(name, member) ?? name}`, problem),
    ),
  };
}

/** Fields of which Callguard fills in all, and those that change how many answers there are or who gives them. */
const ownFields = new Set([
  ...['messages', 'prompt', 'input', 'content', 'contents', 'system', 'systeminstruction', 'instructions'],
  ...[
    'stream',
    'streamoptions',
    'n',
    'bestof',
    'candidatecount',
    'responsemodalities',
    'modalities',
    'audio',
  ],
  ...['tools', 'toolchoice', 'toolconfig', 'functions', 'functioncall', 'mcpservers', 'container', 'plugins'],
  ...[
    'websearchoptions',
    'cachedcontent',
    'store',
    'background',
    'conversation',
    'previousresponseid',
    'fallbacks',
  ],
  ...['preset', 'userconfig', 'routersettings', 'extrabody', 'litellmparams', 'customllmprovider', 'baseurl'],
  ...['engine', 'engineid', 'deploymentid', 'deploymentname', 'apibase', 'apikey', 'endpoint', 'betas'],
]);
/** The names of an output limit, also those of local servers. */
const limitName = /^(?:max.*tokens?|max(?:output)?length|n(?:um)?predict|maxnewtokens)$/;
/** These hold a budget for thinking alone, which is part of the output. */
const thinkingFields = new Set(['reasoning', 'thinking', 'thinkingconfig', 'reasoningconfig']);
/** Fields that hold a text or a schema in the user's own words. */
const freeFields = new Set([
  'metadata',
  'responseformat',
  'responseschema',
  'responsejsonschema',
  'stop',
  'logitbias',
]);

/** The path of the field that settings cannot set, in a member of a body; undefined if there is none. */
function refusedField(name: string, member: unknown): string | undefined {
  const plain = plainFieldName(name);
  if (ownFields.has(plain) || limitName.test(plain) || mayNameModel(plain)) return name;
  if (thinkingFields.has(plain) || freeFields.has(plain)) return undefined;
  if (typeof member !== 'object' || member === null) return undefined;
  const inner = Object.entries(member).map(([each, value]) => refusedField(each, value));
  const found = inner.find((path) => path !== undefined);
  return found === undefined ? undefined : `${name}.${found}`;
}

/** What the settings say about the model. The exact name comes first. */
export function detailsOf(details: ParsedDetails['details'], model: string): ModelDetails | undefined {
  const names = Object.keys(details);
  const name = names.includes(model) ? model : names.find((each) => isSameModel(each, model));
  return name === undefined ? undefined : details[name];
}
