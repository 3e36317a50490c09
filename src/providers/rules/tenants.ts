import * as z from 'zod';
import { matchesGlob } from '../../guard/policy.ts';
import { placed, type Wording } from '../../shared/l10n.ts';

/** The tenant whose usage counts the calls of a workspace. */
export interface TenantRule {
  readonly tenant: string;
  /** Paths of folders as in URIs. `*` matches any characters, including slashes. */
  readonly workspaces: readonly string[];
}

export const defaultTenant = 'default';

const tenantsSchema = z.record(z.string(), z.unknown());
const globsSchema = z.array(z.string().min(1)).min(1);

/**
 * Reads `callguard.tenants`: lists of workspace globs by tenant, in this machine's notation of paths. Leaves out a
 * broken list and reports its problem.
 */
export function parseTenants(setting: unknown, home: string): { tenants: TenantRule[]; problems: Wording[] } {
  const place = 'callguard.tenants';
  const parsed = tenantsSchema.safeParse(setting ?? {});
  if (!parsed.success) {
    const problem = placed(place, (l10n) =>
      l10n.t('must be an object with a list of folders for each tenant'),
    );
    return { tenants: [], problems: [problem] };
  }
  const tenants: TenantRule[] = [];
  const problems: Wording[] = [];
  for (const [tenant, globs] of Object.entries(parsed.data)) {
    const workspaces = globsSchema.safeParse(globs);
    if (tenant === '') {
      problems.push(placed(place, (l10n) => l10n.t('must not contain an empty tenant name')));
    } else if (workspaces.success) {
      tenants.push({ tenant, workspaces: workspaces.data.map((glob) => asUriPath(glob, home)) });
    } else {
      problems.push(
        placed(`${place}.${tenant}`, (l10n) =>
          l10n.t("must be a list of at least one folder, such as '{0}'", '~/clients/*'),
        ),
      );
    }
  }
  return { tenants, problems };
}

/** `C:\clients\*` is `/c:/clients/*` in a URI. On other systems a backslash is a part of a name. */
function asUriPath(glob: string, home: string): string {
  const isAtHome = glob === '~' || glob.startsWith('~/') || (isOfWindows(home) && glob.startsWith('~\\'));
  const path = isAtHome ? home + glob.slice(1) : glob;
  return withSmallDrive(isOfWindows(path) ? `/${path.replaceAll('\\', '/')}` : path);
}

function isOfWindows(path: string): boolean {
  return /^[A-Za-z]:(?:[\\/]|$)/.test(path);
}

/** VS Code writes the letter of a drive in upper or lower case. */
function withSmallDrive(path: string): string {
  return path.replace(/^\/[A-Z](?=:)/, (drive) => drive.toLowerCase());
}

/**
 * The first tenant with a glob that matches a folder of the workspace, given by the path of its URI. `folder/*` also
 * matches `folder` itself.
 */
export function tenantOf(folders: readonly string[], rules: readonly TenantRule[]): string {
  const paths = folders.map(withSmallDrive);
  const found = rules.find(({ workspaces }) =>
    workspaces.some((glob) =>
      paths.some((folder) => matchesGlob(glob, folder) || matchesGlob(glob, `${folder}/`)),
    ),
  );
  return found?.tenant ?? defaultTenant;
}
