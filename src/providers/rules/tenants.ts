import * as z from 'zod';
import { matchesGlob } from '../../guard/policy.ts';
import { isObject } from '../../shared/json.ts';
import { placed, type Wording } from '../../shared/l10n.ts';
import { settingsLimits } from '../../shared/limits/settings-limits.ts';
import { issuesAt } from '../../shared/zod-issues.ts';
import { tooMany } from '../config/provider-config.ts';
import { comparable, hasDrive, placeOf, type Machine, type UriParts } from './folder-place.ts';

/** The tenant whose usage counts the calls of a workspace. */
export interface TenantRule {
  readonly tenant: string;
  /** In `path`, `*` matches any characters, including slashes. */
  readonly workspaces: readonly UriParts[];
}

/** What a window has open. */
export interface OpenFolders {
  /** The first folder. The others do not choose the tenant. */
  readonly first: UriParts | undefined;
  /** The `.code-workspace` file that lists the folders; undefined if the user opened them without one. */
  readonly workspaceFile: UriParts | undefined;
  /** Whether the first folder is on this machine. A workspace file may list any. */
  readonly isFirstThere: () => boolean;
}

export const nothingOpen: OpenFolders = {
  first: undefined,
  workspaceFile: undefined,
  isFirstThere: () => false,
};

export const defaultTenant = 'default';

const globsSchema = z
  .array(z.string().min(1).max(settingsLimits.folderChars))
  .min(1)
  .max(settingsLimits.tenantFolders);

/**
 * Reads `callguard.tenants`: lists of workspace globs by tenant, in this machine's notation of paths. Leaves out what
 * cannot be read and reports its problem.
 */
export function parseTenants(
  setting: unknown,
  machine: Machine,
): { tenants: TenantRule[]; problems: Wording[] } {
  const place = 'callguard.tenants';
  const whole = setting ?? {};
  if (!isObject(whole)) {
    const problem = placed(place, (l10n) =>
      l10n.t('must be an object with a list of folders for each tenant'),
    );
    return { tenants: [], problems: [problem] };
  }
  const tenants: TenantRule[] = [];
  const problems: Wording[] = [];
  const entries = Object.entries(whole);
  if (entries.length > settingsLimits.tenants) problems.push(placed(place, tooMany(settingsLimits.tenants)));
  for (const [tenant, globs] of entries.slice(0, settingsLimits.tenants)) {
    const written = globsSchema.safeParse(globs);
    if (tenant === '') {
      problems.push(placed(place, (l10n) => l10n.t('must not contain an empty tenant name')));
    } else if (written.success) {
      const places = written.data.map((glob) => placeOf(glob, machine));
      const strange = written.data.filter((_, at) => places[at] === undefined);
      problems.push(...strange.map((glob) => placed(`${place}.${tenant}`, notAbsolute(glob))));
      const workspaces = places.flatMap((found) =>
        found === undefined ? [] : [comparable(found, machine.platform)],
      );
      tenants.push({ tenant, workspaces });
    } else {
      problems.push(...listProblems(`${place}.${tenant}`, written.error));
    }
  }
  return { tenants, problems };
}

function listProblems(place: string, error: z.ZodError): Wording[] {
  // The largest lists and longest names have a bound, which the schema names.
  if (error.issues.every(({ code }) => code === 'too_big')) return issuesAt(place, error);
  return [
    placed(place, (l10n) => l10n.t("must be a list of at least one folder, such as '{0}'", '~/clients/*')),
  ];
}

function notAbsolute(glob: string): Wording {
  return (l10n) => l10n.t("'{0}' must begin with '/', '~/', a drive, or a server", glob);
}

/**
 * The tenant of a window: the first with a glob that matches the window's first folder. `folder/*` also matches
 * `folder` itself. A workspace file comes with a project, so it cannot choose: it must be in a place of the same
 * tenant. Each rule that cannot apply in this window is a problem, because its caps would not hold.
 */
export function tenantOf(
  { first, workspaceFile, isFirstThere }: OpenFolders,
  rules: readonly TenantRule[],
  { platform }: Machine,
): { tenant: string; problems: readonly Wording[] } {
  const problems = rules.flatMap((rule) => cannotApply(rule, first, platform));
  const ruleFor = (place: UriParts | undefined) =>
    place && rules.find(({ workspaces }) => workspaces.some((glob) => covers(glob, place, platform)));
  const tenant = ruleFor(first)?.tenant;
  if (tenant === undefined) return { tenant: defaultTenant, problems };
  if (workspaceFile === undefined) return { tenant, problems };
  if (ruleFor(workspaceFile)?.tenant === tenant && isFirstThere()) return { tenant, problems };
  const problem = placed(`callguard.tenants.${tenant}`, (l10n) =>
    l10n.t(
      "does not apply to the folder that the workspace file '{0}' lists; add the file to the tenant's list, or open the folder itself",
      workspaceFile.path,
    ),
  );
  return { tenant: defaultTenant, problems: [...problems, problem] };
}

function covers(glob: UriParts, place: UriParts, platform: NodeJS.Platform): boolean {
  const { scheme, authority, path } = comparable(place, platform);
  if (glob.scheme !== scheme || !matchesGlob(glob.authority, authority)) return false;
  return matchesGlob(glob.path, path) || matchesGlob(glob.path, `${path}/`);
}

/** Rules that name other machines are meant for other windows, and are no problem in this one. */
function cannotApply(
  { tenant, workspaces }: TenantRule,
  first: UriParts | undefined,
  platform: NodeJS.Platform,
): Wording[] {
  if (workspaces.length === 0 || workspaces.some(({ scheme }) => scheme !== 'file')) return [];
  const place = `callguard.tenants.${tenant}`;
  if (first !== undefined && first.scheme !== 'file') {
    const machine = `${first.scheme}://${first.authority}`;
    return [
      placed(place, (l10n) =>
        l10n.t("does not apply to folders of '{0}'; add a folder that begins with '{0}/'", machine),
      ),
    ];
  }
  const isWindows = platform === 'win32';
  const canApply = (glob: UriParts) =>
    isWindows
      ? glob.authority !== '' || hasDrive(glob) !== false
      : glob.authority === '' && hasDrive(glob) !== true;
  if (workspaces.some(canApply)) return [];
  return [placed(place, (l10n) => l10n.t('has no folder in the notation of this operating system'))];
}
