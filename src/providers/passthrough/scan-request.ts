import { MemberCollector, type JsonObject } from '../../shared/json-members.ts';
import { JsonScanner, type JsonVisitor } from '../../shared/json-scanner.ts';
import { sliceLimits } from '../../shared/limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Work } from '../../shared/slices.ts';
import type { BuiltInTool } from '../config/provider-entry.ts';
import { BuiltInTools } from './built-in-tools.ts';
import { ForeignModels } from './foreign-models.ts';
import { tokensOfFiles } from './file-data.ts';
import { ToolModels } from './tool-models.ts';
import { FileFinder } from './request-files.ts';
import { StoredFiles } from './stored-files.ts';

export interface ScannedRequest extends JsonObject {
  /** The bytes of the body that are files, and the tokens of those files. */
  readonly files: { readonly bytes: number; readonly tokens: number };
  /** Where the body names other models in a field of a gateway's own. */
  readonly foreignModels: string | undefined;
  /** How many values it has, at all levels. */
  readonly values: number;
  /** The models that tools name. Undefined if they cannot be read. */
  readonly toolModels: readonly string[] | undefined;
  /** The tools of the provider that name servers or models. */
  readonly builtInTools: readonly BuiltInTool[];
  /** Whether it names a file that is stored at the provider. */
  readonly hasStoredFile: boolean;
}

/** Why a body is not a request. */
export type ScanProblem = 'notAnObject' | 'tooDeep' | 'tooManyMembers' | 'longName';

/** Reads the body of a request without parsing it. */
export function* scanRequest(bytes: Buffer): Work<Result<ScannedRequest, ScanProblem>> {
  const members = new MemberCollector(bytes);
  const finder = new FileFinder(bytes);
  const foreign = new ForeignModels(bytes);
  const tools = new ToolModels(bytes);
  const builtIn = new BuiltInTools(bytes);
  const stored = new StoredFiles(bytes);
  const counter = new ValueCounter();
  const scanner = new JsonScanner(bytes, all(members, finder, foreign, tools, builtIn, stored, counter));
  let end = scanner.advance(sliceLimits.bytesOfStrings);
  while (end === undefined && !members.hasTooMany && !members.hasLongName) {
    yield;
    end = scanner.advance(sliceLimits.bytesOfStrings);
  }
  if (members.hasLongName) return err('longName');
  if (members.hasTooMany) return err('tooManyMembers');
  if (end === 'tooDeep') return err(end);
  if (end === 'invalid' || !members.isObject) return err('notAnObject');
  const { files } = finder;
  const tokens = files.tokens + (yield* tokensOfFiles(bytes, files.unread));
  return ok({
    bytes,
    members: members.members,
    files: { bytes: files.bytes, tokens },
    values: counter.values,
    foreignModels: foreign.found,
    toolModels: tools.found,
    builtInTools: [...builtIn.found],
    hasStoredFile: stored.found,
  });
}

class ValueCounter implements JsonVisitor {
  values = 0;

  name(): void {}
  begin(): void {
    this.values += 1;
  }
  end(): void {}
}

function all(...visitors: readonly JsonVisitor[]): JsonVisitor {
  return {
    name: (start, end, hasEscape, depth) => {
      for (const visitor of visitors) visitor.name(start, end, hasEscape, depth);
    },
    begin: (at, byte, depth) => {
      for (const visitor of visitors) visitor.begin(at, byte, depth);
    },
    end: (at, depth, hasEscape) => {
      for (const visitor of visitors) visitor.end(at, depth, hasEscape);
    },
  };
}
