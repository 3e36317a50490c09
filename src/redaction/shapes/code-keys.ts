import { gitleaks, keyOf, prefixed, tokenOf, type Shape } from '../shape.ts';

const github =
  'https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github';

/** Tokens of where code and packages are kept, and of what builds and plans them. */
export const codeKeys: readonly Shape[] = [
  prefixed(
    'github',
    tokenOf('GitHub'),
    ['ghp_', 'gho_', 'ghu_', 'ghr_'],
    ['alnum', 8, 36],
    ['prefix', github],
  ),
  // Installation tokens are web tokens behind the prefix since 2026.
  prefixed(
    'githubInstallation',
    (l10n) => l10n.t('GitHub installation token'),
    ['ghs_'],
    ['dotted', 8, 36],
    [
      'prefix',
      'https://github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header/',
    ],
  ),
  prefixed(
    'githubFineGrained',
    (l10n) => l10n.t('GitHub fine-grained token'),
    ['github_pat_'],
    ['base64url', 8, 60],
    ['prefix', github],
  ),
  prefixed(
    'gitlab',
    tokenOf('GitLab'),
    [
      ...['glpat-', 'gldt-', 'glptt-', 'glrt-', 'glrtr-', 'glsoat-', 'glcbt-', 'glft-', 'glimt-', 'glagent-'],
      ...['gloas-', 'glffct-', 'glwt-', 'GR1348941'],
    ],
    ['dotted', 8, 20],
    ['random', 'https://docs.gitlab.com/security/tokens/#token-prefixes'],
  ),
  prefixed(
    'npm',
    tokenOf('npm'),
    ['npm_'],
    ['alnum', 20, 36],
    ['random', 'https://docs.npmjs.com/about-access-tokens'],
  ),
  prefixed(
    'pypi',
    tokenOf('PyPI'),
    ['pypi-'],
    ['base64url', 24, 60],
    ['random', 'https://pypi.org/help/#apitoken'],
  ),
  prefixed('rubygems', keyOf('RubyGems'), ['rubygems_'], ['hex', 12, 48], ['prefix', gitleaks]),
  prefixed(
    'docker',
    tokenOf('Docker'),
    ['dckr_pat_', 'dckr_oat_'],
    ['base64url', 12, 24],
    ['random', 'https://docs.docker.com/security/access-tokens/'],
  ),
  prefixed(
    'atlassian',
    tokenOf('Atlassian'),
    ['ATATT3', 'ATCTT3', 'ATSTT3'],
    ['base64', 16, 100],
    ['prefix', gitleaks],
  ),
  prefixed(
    'bitbucket',
    (l10n) => l10n.t('Bitbucket app password'),
    ['ATBB'],
    ['base64', 24, 32],
    ['random', 'https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/'],
  ),
  prefixed(
    'vercel',
    tokenOf('Vercel'),
    ['vcp_', 'vci_', 'vca_', 'vcr_'],
    ['alnum', 16, 24],
    ['random', 'https://vercel.com/docs/sign-in-with-vercel/tokens'],
  ),
  {
    form: 'named',
    kind: 'vercelNamed',
    label: (l10n) => l10n.t('Vercel access token'),
    source: 'https://vercel.com/docs/cli/tokens',
    precision: 'named',
    names: ['vercel token', 'vercel api token', 'vercel access token'],
    chars: 'alnum',
    full: 24,
    max: 24,
  },
  {
    form: 'named',
    kind: 'atlassianNamed',
    label: tokenOf('Atlassian'),
    source: gitleaks,
    precision: 'named',
    names: [
      ...['jira token', 'jira api token', 'confluence token', 'confluence api token'],
      ...['atlassian token', 'atlassian api token'],
    ],
    chars: 'alnum',
    full: 24,
    max: 24,
  },
  prefixed('postman', keyOf('Postman'), ['PMAK-', 'PMAT-'], ['base64url', 16, 26], ['random', gitleaks]),
];
