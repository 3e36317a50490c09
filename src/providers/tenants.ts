import * as z from 'zod';
import { matchesGlob } from '../guard/policy.ts';

/** On whose account calls are counted in which workspaces. */
export interface TenantRule {
  readonly tenant: string;
  /** Folder paths, with `*` for any run of characters, slashes included. */
  readonly workspaces: readonly string[];
}

export const defaultTenant = 'default';

const tenantsSchema = z.record(z.string(), z.unknown());
const globsSchema = z.array(z.string().min(1)).min(1);

/** Reads `callguard.tenants`: lists of workspace globs by tenant. A broken one is left out and named. */
export function parseTenants(setting: unknown, home: string): { tenants: TenantRule[]; problems: string[] } {
  const parsed = tenantsSchema.safeParse(setting ?? {});
  if (!parsed.success)
    return { tenants: [], problems: ['callguard.tenants: expected an object of lists by tenant'] };
  const tenants: TenantRule[] = [];
  const problems: string[] = [];
  for (const [tenant, globs] of Object.entries(parsed.data)) {
    const workspaces = globsSchema.safeParse(globs);
    if (workspaces.success) {
      tenants.push({ tenant, workspaces: workspaces.data.map((glob) => glob.replace(/^~(?=\/|$)/, home)) });
    } else {
      problems.push(
        `callguard.tenants.${tenant}: expected a list of at least one folder, such as '~/clients/*'`,
      );
    }
  }
  return { tenants, problems };
}

/** The first tenant with a glob that matches a folder of the workspace; the folder itself counts as inside. */
export function tenantOf(folders: readonly string[], rules: readonly TenantRule[]): string {
  const found = rules.find(({ workspaces }) =>
    workspaces.some((glob) =>
      folders.some((folder) => matchesGlob(glob, folder) || matchesGlob(glob, `${folder}/`)),
    ),
  );
  return found?.tenant ?? defaultTenant;
}
